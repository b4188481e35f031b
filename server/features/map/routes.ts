import { createHash } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { ROUTES } from '../../paths.ts';
import type { TileAnswer, TilePort } from './ports.ts';

const ZOOM = /^(0|[1-9]\d?)$/;
/** Seven digits are enough for zoom level 22; no sign, no leading zero: a tile has one address only. */
const ROW = /^(0|[1-9]\d{0,6})$/;
const FILE = /^(0|[1-9]\d{0,6})\.png$/;

/**
 * GET /tiles/{z}/{y}/{x}.png: the map's tiles from our own origin. Mount it before the session: the answers are the
 * same for everybody, may be kept by any cache and carry no cookie.
 */
export function tileRoutes({ tiles }: { tiles: TilePort }): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get(ROUTES.tiles, async (req: Request<{ z: string; y: string; file: string }>, res) => {
    const { z, y, file } = req.params;
    const x = FILE.exec(file)?.[1];
    const isAddress = ZOOM.test(z) && ROW.test(y) && x !== undefined;
    send(res, isAddress ? await tiles.get(Number(z), Number(y), Number(x)) : { kind: 'outside' });
  });

  return router;
}

function send(res: Response, answer: TileAnswer): void {
  switch (answer.kind) {
    case 'tile':
      res.set({
        'Content-Type': answer.contentType,
        'Cache-Control': 'public, max-age=86400, stale-while-revalidate=604800',
        ETag: `"${createHash('sha256').update(answer.body).digest('base64url').slice(0, 27)}"`,
        'X-Content-Type-Options': 'nosniff',
      });
      // Answers 304 by itself where the ETag matches.
      res.send(answer.body);
      return;
    case 'outside':
    case 'missing':
      res.status(404).set('Cache-Control', 'public, max-age=3600').end();
      return;
    case 'unavailable':
      res.status(503).set({ 'Cache-Control': 'no-store', 'Retry-After': '60' }).end();
      return;
  }
}
