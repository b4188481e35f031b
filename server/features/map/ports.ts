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

/** What became of a request for a vector tile; `gzipped` is the tile as it is sent. */
export type VectorTileAnswer =
  { kind: 'tile'; gzipped: Buffer } | { kind: 'empty' } | { kind: 'outside' } | { kind: 'unavailable' };

/** Vector tiles of the imported extract: zoom level, row from north, column from west. Never rejects. */
export interface VectorTilePort {
  /** Of which import they are, as pages ask for it. */
  version: string;
  get(z: number, y: number, x: number): Promise<VectorTileAnswer>;
}

export interface TileRoutesDeps {
  tiles: TilePort;
  /** Null: no extract was imported. */
  vectorTiles: () => VectorTilePort | null;
  /** Unpacks a tile for those who cannot. */
  unzip: (gzipped: Buffer) => Promise<Buffer>;
}
