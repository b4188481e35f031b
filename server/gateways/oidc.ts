import * as client from 'openid-client';
import { valuesOfClaim } from '../domain/staff/claims.ts';

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What the button says. */
  name: string;
  /** Claim that holds the roles, perhaps a path: `resource_access.koffertour.roles`. */
  rolesClaim: string;
  /** Where the provider sends the browser back to; it has to be registered there. */
  redirectUri: string;
  log: { warn(fields: object, message: string): void };
}

/** So long an answer of the provider may take, in seconds. */
const TIMEOUT = 8;

/**
 * Signing in with an identity provider: OpenID Connect, authorization code flow with PKCE (RFC 7636), state and nonce.
 * What the provider can do is asked for at the first sign-in, so that the office starts without it.
 */
export function createOidc(settings: OidcSettings) {
  const issuer = new URL(settings.issuer);
  let found: Promise<client.Configuration> | undefined;

  /** Asks once; after a failure again next time. */
  function discover(): Promise<client.Configuration> {
    found ??= client
      .discovery(issuer, settings.clientId, settings.clientSecret, undefined, {
        timeout: TIMEOUT,
        // The configuration allows http for the same machine only.
        execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
      })
      .catch((error: unknown) => {
        found = undefined;
        throw error;
      });
    return found;
  }

  return {
    name: settings.name,

    /** Where to send the browser, and what its return has to match. */
    async begin() {
      const expected = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      try {
        const configuration = await discover();
        const url = client.buildAuthorizationUrl(configuration, {
          redirect_uri: settings.redirectUri,
          scope: 'openid email profile',
          state: expected.state,
          nonce: expected.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(expected.verifier),
          code_challenge_method: 'S256',
        });
        return { kind: 'ok' as const, url: url.href, expected };
      } catch (error) {
        settings.log.warn({ reason: reasonOf(error) }, 'identity provider does not answer');
        return { kind: 'unavailable' as const };
      }
    },

    /** @param query of the address the browser came back to, with its `?` */
    async finish(query: string, expected: { state: string; nonce: string; verifier: string }) {
      let configuration: client.Configuration;
      try {
        configuration = await discover();
      } catch (error) {
        settings.log.warn({ reason: reasonOf(error) }, 'identity provider does not answer');
        return { kind: 'unavailable' as const };
      }
      try {
        const tokens = await client.authorizationCodeGrant(configuration, new URL(settings.redirectUri + query), {
          expectedState: expected.state,
          expectedNonce: expected.nonce,
          pkceCodeVerifier: expected.verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) {
          return { kind: 'refused' as const };
        }
        // Providers put e-mail and roles into the ID token, or only tell them when asked.
        const asked =
          configuration.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await client.fetchUserInfo(configuration, tokens.access_token, claims.sub);
        const all: Record<string, unknown> = { ...asked, ...claims };
        const text = (name: string): string | null =>
          typeof all[name] === 'string' && all[name] !== '' ? all[name] : null;
        const roles = [...valuesOfClaim(claims, settings.rolesClaim), ...valuesOfClaim(asked, settings.rolesClaim)];
        return {
          kind: 'known' as const,
          identity: {
            issuer: claims.iss,
            subject: claims.sub,
            email: text('email'),
            name: text('name'),
            roles: [...new Set(roles)],
          },
        };
      } catch (error) {
        settings.log.warn({ reason: reasonOf(error) }, 'sign-in with the identity provider failed');
        return { kind: isOutage(error) ? ('unavailable' as const) : ('refused' as const) };
      }
    },
  };
}

const NETWORK = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR|OAUTH_TIMEOUT)/;

/** True when the provider could not be reached; else it has refused, or its answer does not fit the request. */
function isOutage(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { name, code } = one as { name: string; code?: unknown };
    if (name === 'TimeoutError' || (typeof code === 'string' && NETWORK.test(code))) {
      return true;
    }
  }
  return false;
}

/** What may stand in a log: no codes, tokens or addresses of pages. */
function reasonOf(error: unknown): string {
  const { name, code, error: said } = error as { name?: string; code?: string; error?: string };
  return [name, code, said].filter((part) => typeof part === 'string').join(' ');
}
