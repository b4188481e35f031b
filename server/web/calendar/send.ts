import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Calendar } from '../calendar.ts';
import { calendarPieces, calendarType } from './build.ts';

/**
 * Answers with a calendar of any size: it is written as fast as it is read, so that it is never in memory as a whole and
 * others are answered in between. Without ETag, which would have to be computed from the whole.
 */
export async function sendCalendar(response: Response, calendar: Calendar): Promise<void> {
  response.set('Content-Type', calendarType(calendar));
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(Readable.from(calendarPieces(calendar), { highWaterMark: 1 }), response);
  } catch (error) {
    // Whoever asked has gone.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
