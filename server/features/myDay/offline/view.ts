import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { pathsFor } from '../../../paths.ts';
import { localeOf, translator } from '../../../web/locale.ts';
import { actorOf } from '../../../web/session.ts';

/** What views/myDay/_offline.ejs needs: the place at which public/js/dayOffline.js shows what waits for a signal. */
export interface OfflineView {
  /** A mark of the account: what waits is sent only for who ticked it, pages are kept only for who read them. */
  user: string;
  /** Below which addresses the service worker works. */
  scope: string;
  /** Texts as JSON; `{count}` and `{time}` are filled in by the browser. */
  texts: string;
}

/** Tells accounts apart on a phone that several people use; says nothing about them. */
export function userMark(userId: number): string {
  return createHash('sha256').update(`day ${userId}`).digest('hex').slice(0, 16);
}

/** On a page of somebody who has signed in. */
export function offlineView(response: Response): OfflineView {
  const locale = localeOf(response);
  const t = translator(locale);
  const p = pathsFor(locale);
  return {
    user: userMark(actorOf(response).userId),
    scope: p.staffHome(),
    texts: JSON.stringify({
      offline: t('offline.now'),
      keptPage: t('offline.keptPage'),
      kept: t('offline.kept'),
      notSent: t('offline.notSent'),
      waitingOne: t('offline.waiting', { count: 1 }),
      waitingMany: t('offline.waiting'),
      at: t('offline.at'),
      takeBack: t('offline.takeBack'),
      understood: t('offline.understood'),
      refused: t('offline.refused'),
      refusedTitle: t('offline.refusedTitle'),
      signIn: t('offline.signIn'),
      signInHref: p.signIn({ zu: pathsFor('de').myDay() }),
      signOutOne: t('offline.signOut', { count: 1 }),
      signOutMany: t('offline.signOut'),
      state_arrived: t('offline.state.arrived'),
      state_served: t('offline.state.served'),
      state_missed: t('offline.state.missed'),
      waits: t('offline.state.waits'),
    }),
  };
}
