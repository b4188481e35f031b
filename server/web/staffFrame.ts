import type { Response } from 'express';
import { may, type Permission } from '../domain/access.ts';
import { pathsFor, type Paths } from '../paths.ts';
import { translator, type Locale } from './locale.ts';
import type { StaffSection } from './render.ts';
import { maybeActorOf } from './session.ts';

export interface StaffFrame {
  /** Null while signing in. */
  user: { name: string } | null;
  menu: readonly { name: string; href: string; current: boolean }[];
}

const MENU: readonly {
  section: NonNullable<StaffSection>;
  needs: Permission;
  href: (p: Paths) => string;
}[] = [
  { section: 'hotline', needs: 'bookings.write', href: (p) => p.hotline() },
  { section: 'myDay', needs: 'day.write', href: (p) => p.myDay() },
  { section: 'board', needs: 'tours.read', href: (p) => p.boardWeek() },
  { section: 'calls', needs: 'calls.write', href: (p) => p.calls() },
  { section: 'callbacks', needs: 'callbacks.write', href: (p) => p.callbacks() },
  { section: 'letters', needs: 'letters.write', href: (p) => p.letters() },
  { section: 'messages', needs: 'messages.write', href: (p) => p.messages() },
  { section: 'masterData', needs: 'services.read', href: (p) => p.masterData() },
  { section: 'users', needs: 'users.write', href: (p) => p.users() },
  { section: 'audit', needs: 'audit.read', href: (p) => p.audit() },
];

/** Name and menu for the header of the pages below /intern: what a person may not do is not shown. */
export function staffFrame(response: Response, section: StaffSection, locale: Locale): StaffFrame {
  const actor = maybeActorOf(response);
  if (actor === null) {
    return { user: null, menu: [] };
  }
  const t = translator(locale);
  const p = pathsFor(locale);
  return {
    user: { name: actor.name },
    menu: MENU.filter(({ needs }) => may(actor, needs)).map((entry) => ({
      name: t(`staff.menu.${entry.section}`),
      href: entry.href(p),
      current: entry.section === section,
    })),
  };
}
