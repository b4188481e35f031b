import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * Starts a thread that runs a module of this program. Sources run as they are in development and tests: a thread does
 * not have the loader of its process and gets one of its own.
 * @param beside `import.meta.url` of a module in the same folder
 * @param name of the module, without its ending
 */
export function startThread(beside: string, name: string, workerData: object): Worker {
  const ending = beside.endsWith('.ts') ? 'ts' : 'js';
  const module = new URL(`./${name}.${ending}`, beside);
  if (ending === 'js') return new Worker(module, { workerData });
  // Beside what is the same for `import` and `require`: tests may be either.
  const tsx = pathToFileURL(createRequire(beside).resolve('tsx/esm'));
  const loader = JSON.stringify(new URL('./api/index.mjs', tsx).href);
  const code = `import(${loader}).then(({ register }) => { register(); return import(${JSON.stringify(module.href)}); })`;
  return new Worker(code, { workerData, eval: true });
}
