import type { RequestHandler } from 'express';
import { maybeActorOf } from '../../../web/session.ts';
import { userMark } from './view.ts';

/**
 * Refuses (401) what a phone kept for somebody who was signed in earlier: sent later, it must not count as done by
 * whoever is signed in now. The phone keeps it until the first one is back. See public/js/dayOffline.js.
 */
export function sameUser(): RequestHandler {
  return (request, response, next) => {
    const mark = request.get('X-Kt-User');
    const actor = maybeActorOf(response);
    if (mark === undefined || actor === null || mark === userMark(actor.userId)) {
      next();
      return;
    }
    response.status(401).json({ outcome: 'signIn' });
  };
}
