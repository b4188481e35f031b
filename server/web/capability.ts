import type { Translate } from './locale.ts';

/** Capabilities of kits that the program has a name for; offices may enter others. */
const NAMED: ReadonlySet<string> = new Set([
  'fingerprint_scanner',
  'camera',
  'signature_pad',
  'document_scanner',
  'mobile_network',
  'card_terminal',
  'provisional_printer',
  'change_terminal',
  'address_label_printer',
  'printer',
  'seal',
]);

/** What a capability is called; one that an office entered itself is its own name. */
export function capabilityName(code: string, t: Translate): string {
  return NAMED.has(code) ? t(`capability.${code}`) : code;
}
