/**
 * The 49,000 passwords that are used most (@zxcvbn-ts/language-common), in small letters. Read when the first password
 * is chosen, then kept.
 */
export function createCommonPasswords(): () => Promise<ReadonlySet<string>> {
  let known: Promise<ReadonlySet<string>> | undefined;
  return () =>
    (known ??= import('@zxcvbn-ts/language-common').then(
      ({ dictionary }) => new Set(dictionary['passwords-common'].map((password) => password.toLowerCase())),
    ));
}
