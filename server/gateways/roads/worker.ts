import { parentPort, workerData } from 'node:worker_threads';
import type { Coordinates } from '../../domain/geo.ts';
import { openRoadNetwork } from './network.ts';

/*
 * A thread that knows the roads, so that a long matrix holds up no page. Questions are answered in the order in which
 * they come, one row of a matrix each: a line waits for a few rows, not for a matrix.
 */

export type RoadQuestion =
  | { id: number; kind: 'row'; from: Coordinates; to: readonly Coordinates[] }
  | { id: number; kind: 'line'; from: Coordinates; to: Coordinates };

export type RoadReply = { id: number; answer: unknown } | { id: number; error: string } | { ready: true };

const port = parentPort;
if (port === null) throw new Error('this is the code of a worker thread');

const network = openRoadNetwork((workerData as { file: string }).file);

port.on('message', (question: RoadQuestion) => {
  let reply: RoadReply;
  try {
    const answer =
      question.kind === 'row' ? network.row(question.from, question.to) : network.line(question.from, question.to);
    reply = { id: question.id, answer };
  } catch (error) {
    reply = { id: question.id, error: (error as Error).name };
  }
  port.postMessage(reply);
});
port.postMessage({ ready: true } satisfies RoadReply);
