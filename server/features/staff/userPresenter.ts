import { ROLES, type Grant, type Scope } from '../../domain/access.ts';
import { NEW, pathsFor } from '../../paths.ts';
import { translator, type Locale, type Translate } from '../../web/locale.ts';
import type { Municipality, User } from './ports.ts';
import { grantValue } from './userForm.ts';
import { rolesInWords } from './words.ts';

export interface UserFormValues {
  name: string;
  email: string;
  grants: readonly Grant[];
}

/** How it stands with a user, apart from the roles. */
function stateOf(user: User, t: Translate): string[] {
  return [
    ...(user.lockedAt === null ? [] : [t('users.state.locked')]),
    ...(user.oidcIssuer === null ? [] : [t('users.state.elsewhere')]),
    ...(user.totpConfirmedAt === null ? [] : [t('users.state.factor')]),
    ...(user.mustChangePassword ? [t('users.state.initial')] : []),
  ];
}

/** The list of users. */
export function presentUsers(
  users: readonly User[],
  municipalities: readonly Municipality[],
  text: string,
  locale: Locale,
) {
  const t = translator(locale);
  const p = pathsFor(locale);
  return {
    text,
    count: t('users.count', { count: users.length }),
    add: p.user(NEW),
    users: users.map((user) => {
      const roles = rolesInWords(user.grants, municipalities, locale, t);
      return {
        name: user.name,
        email: user.email,
        href: p.user(user.id),
        roles: roles.length === 0 ? [t('users.noRoles')] : roles,
        state: stateOf(user, t).join(', '),
        locked: user.lockedAt !== null,
      };
    }),
  };
}

export interface UserFormParts {
  /** Null: about to be entered. */
  user: User | null;
  /** What was typed; null: as it is stored. */
  values: UserFormValues | null;
  scope: Scope;
  municipalities: readonly Municipality[];
  isOneself: boolean;
  providerName: string;
  locale: Locale;
}

/** The page of one user. */
export function presentUserForm({
  user,
  values,
  scope,
  municipalities,
  isOneself,
  providerName,
  locale,
}: UserFormParts) {
  const t = translator(locale);
  const p = pathsFor(locale);
  const shown = values ?? user ?? { name: '', email: '', grants: [] };
  const ticked = new Set(shown.grants.map(grantValue));
  const group = (id: string, legend: string, municipalityId: number | null) => ({
    id,
    legend,
    options: ROLES.map((role) => ({
      value: grantValue({ role, municipalityId }),
      name: t(`users.roles.${role}`),
      hint: municipalityId === null ? t(`users.roleHints.${role}`) : '',
      checked: ticked.has(grantValue({ role, municipalityId })),
    })),
  });
  const groups = [
    ...(scope === 'all' ? [group('rollen', t('users.everywhere'), null)] : []),
    ...municipalities.map(({ id, name }, index) =>
      group(scope !== 'all' && index === 0 ? 'rollen' : `rollen-in-${id}`, t('users.in', { place: name }), id),
    ),
  ];
  const roles = user === null ? [] : rolesInWords(user.grants, municipalities, locale, t);
  const id = user?.id ?? NEW;
  const isLocked = user !== null && user.lockedAt !== null;
  return {
    title: user === null ? t('users.new') : user.name,
    isNew: user === null,
    isOneself,
    /** Name, address and roles come from there at each sign-in. */
    elsewhere: user === null || user.oidcIssuer === null ? null : t('users.elsewhere', { name: providerName }),
    state: user === null ? '' : stateOf(user, t).join(', '),
    /** As it is stored. */
    stored: user === null ? null : { name: user.name, email: user.email, roles },
    name: shown.name,
    email: shown.email,
    version: user?.version ?? 0,
    groups,
    action: p.user(id),
    list: p.users(),
    lock: { action: p.userLock(id), value: isLocked ? '0' : '1', locked: isLocked },
    password: p.userPassword(id),
    factor: user === null || user.totpConfirmedAt === null ? null : p.userSecondFactor(id),
    history: p.audit({ art: 'user', id: user?.id }),
  };
}
