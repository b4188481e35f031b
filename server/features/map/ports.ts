/** What became of a request for a tile. `fetchedAt` is milliseconds since the epoch. */
export type TileAnswer =
  | { kind: 'tile'; body: Buffer; contentType: string; fetchedAt: number; stale: boolean }
  /** Not in the area or zoom levels this office shows. */
  | { kind: 'outside' }
  /** The map has no such tile. */
  | { kind: 'missing' }
  /** Not to be had at the moment. */
  | { kind: 'unavailable' };

/** Where tiles come from: zoom level, row from north, column from west. Never rejects. */
export interface TilePort {
  get(z: number, y: number, x: number): Promise<TileAnswer>;
}
