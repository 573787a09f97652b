import { generateKeyPairSync, sign } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM; signed by itself, so it is what a client has to trust as well. */
  readonly certificate: string;
}

const DAY_MS = 86_400_000;
const [INTEGER, BIT_STRING, OCTET_STRING, OBJECT_ID] = [0x02, 0x03, 0x04, 0x06];
const [BOOLEAN, UTF8_STRING, UTC_TIME, SEQUENCE, SET] = [0x01, 0x0c, 0x17, 0x30, 0x31];
const TRUE = der(BOOLEAN, Buffer.from([0xff]));
const ECDSA_WITH_SHA256 = der(SEQUENCE, objectId('2a8648ce3d040302'));

/**
 * A certificate for these names that is good from yesterday until tomorrow: a key that is kept anywhere would be found
 * by whoever looks for keys. Node has no call for it: https://github.com/nodejs/node/issues/29643; the form is RFC 5280.
 */
export function certificateFor(names: readonly string[], now: Date): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, objectId('550403'), der(UTF8_STRING, Buffer.from('loopback')))),
  );
  const validity = der(SEQUENCE, ...[-DAY_MS, DAY_MS].map((ms) => utcTime(new Date(now.getTime() + ms))));
  const body = der(
    SEQUENCE,
    der(0xa0, integer(2)),
    integer(1),
    ECDSA_WITH_SHA256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, isAuthority(), alternativeNames(names))),
  );
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', body, privateKey));
  const whole = der(SEQUENCE, body, ECDSA_WITH_SHA256, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${whole.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function isAuthority(): Buffer {
  return der(SEQUENCE, objectId('551d13'), TRUE, der(OCTET_STRING, der(SEQUENCE, TRUE)));
}

function alternativeNames(names: readonly string[]): Buffer {
  const list = der(SEQUENCE, ...names.map((name) => der(0x82, Buffer.from(name))));
  return der(SEQUENCE, objectId('551d11'), der(OCTET_STRING, list));
}

function integer(value: number): Buffer {
  return der(INTEGER, Buffer.from([value]));
}

function objectId(hex: string): Buffer {
  return der(OBJECT_ID, Buffer.from(hex, 'hex'));
}

function utcTime(at: Date): Buffer {
  return der(UTC_TIME, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
}

/** A tag, a length and what it is of. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
