import { createHash } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { ROUTES } from '../../paths.ts';
import type { TileAnswer, TileRoutesDeps, VectorTileAnswer } from './ports.ts';

const ZOOM = /^(0|[1-9]\d?)$/;
/** Seven digits are enough for zoom level 22; no sign, no leading zero: a tile has one address only. */
const ROW = /^(0|[1-9]\d{0,6})$/;
const FILE = /^(0|[1-9]\d{0,6})\.(png|mvt)$/;

/**
 * GET /tiles/{z}/{y}/{x}.png: the map's tiles from our own origin; .mvt: those of an imported extract, which the browser
 * draws. Mount it before the session: the answers are the same for everybody, may be kept by any cache and carry no cookie.
 */
export function tileRoutes({ tiles, vectorTiles, unzip }: TileRoutesDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get(ROUTES.tiles, async (req: Request<{ z: string; y: string; file: string }>, res) => {
    const { z, y, file } = req.params;
    const [, x, kind] = FILE.exec(file) ?? [];
    const isAddress = ZOOM.test(z) && ROW.test(y) && x !== undefined;
    const at = [Number(z), Number(y), Number(x)] as const;
    if (kind === 'mvt') {
      const source = vectorTiles();
      const answer = isAddress && source !== null ? await source.get(...at) : ({ kind: 'outside' } as const);
      await sendVector(req, res, answer, { isAsked: req.query['v'] === source?.version, unzip });
    } else {
      send(res, isAddress ? await tiles.get(...at) : { kind: 'outside' });
    }
  });

  return router;
}

/**
 * The tile of an import that the address names never changes. A page may name one that this process has not opened yet,
 * or has left already: what it gets then is good for now only.
 */
async function sendVector(
  req: Request,
  res: Response,
  answer: VectorTileAnswer,
  { isAsked, unzip }: { isAsked: boolean; unzip: TileRoutesDeps['unzip'] },
): Promise<void> {
  const kept = isAsked ? 'public, max-age=31536000, immutable' : 'public, max-age=60';
  switch (answer.kind) {
    case 'tile': {
      const isZipped = req.acceptsEncodings('gzip') === 'gzip';
      res.set({
        'Content-Type': 'application/vnd.mapbox-vector-tile',
        'Cache-Control': isZipped ? `${kept}, no-transform` : kept,
        Vary: 'Accept-Encoding',
        ETag: `"${createHash('sha256').update(answer.gzipped).digest('base64url').slice(0, 27)}${isZipped ? '' : '-u'}"`,
        'X-Content-Type-Options': 'nosniff',
        ...(isZipped ? { 'Content-Encoding': 'gzip' } : {}),
      });
      res.send(isZipped ? answer.gzipped : await unzip(answer.gzipped));
      return;
    }
    case 'empty':
      res.status(204).set('Cache-Control', kept).end();
      return;
    case 'outside':
      res.status(404).set('Cache-Control', 'public, max-age=60').end();
      return;
    case 'unavailable':
      sendLater(res);
      return;
  }
}

function sendLater(res: Response): void {
  res.status(503).set({ 'Cache-Control': 'no-store', 'Retry-After': '60' }).end();
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
      sendLater(res);
      return;
  }
}
