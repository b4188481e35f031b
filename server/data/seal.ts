import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;
/** Says how it was sealed, in case that changes one day. */
const VERSION = 'v1.';

/**
 * Keeps secrets in the database so that a copy of it alone does not give them away: AES-256-GCM (NIST SP 800-38D) with
 * a random nonce and a key derived from that of the installation (HKDF, RFC 5869).
 * @param secretKey of the installation; null: nothing can be sealed or opened
 */
export function createSeal(secretKey: string | null) {
  const key =
    secretKey === null ? null : Buffer.from(hkdfSync('sha256', secretKey, '', 'koffertour relay password', 32));
  return {
    usable: key !== null,

    /**
     * @param context whose secret it is: it opens for no other
     * @returns null without a key
     */
    seal(text: string, context: string): string | null {
      if (key === null) return null;
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },

    /** @returns null for what was sealed with another key or for somebody else, or was changed */
    open(sealed: string, context: string): string | null {
      if (key === null || !sealed.startsWith(VERSION)) return null;
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
      if (bytes.length < NONCE + TAG) return null;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}

export type Seal = ReturnType<typeof createSeal>;
