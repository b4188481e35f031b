/**
 * Which modules a QR code drawn as one SVG path has dark, read from runs `M x y h n v1 h-n z`.
 * @param size units in width and height, the quiet zone included
 * @throws Error on anything else in the path
 */
export function modulesOf(path: string, size: number): boolean[][] {
  const dark = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const rest = path.replace(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g, (_, x: string, y: string, n: string, back: string) => {
    if (n !== back) throw new Error(`A run of ${n} modules goes back ${back}`);
    dark[Number(y)]?.fill(true, Number(x), Number(x) + Number(n));
    return '';
  });
  if (rest !== '') throw new Error(`Not a run of modules: ${rest.slice(0, 40)}`);
  return dark;
}
