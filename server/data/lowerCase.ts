/** Capital letters of names here that `lower` of SQLite, which knows ASCII only, leaves as they are. */
const CAPITALS = 'ÄÖÜÀÁÂÇÈÉÊÍÑÓÔÕØÚÝČŁŘŠŽ';

/** SQL for a column in small letters, the same on both databases. @param column its name, never something typed */
export function lowerCase(column: string): string {
  return [...CAPITALS].reduce(
    (sql, letter) => `replace(${sql}, '${letter}', '${letter.toLowerCase()}')`,
    `lower(${column})`,
  );
}

/** What stands in the middle of texts that hold this one, for `like … escape '\'` beside `lowerCase`. */
export function likePattern(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
}
