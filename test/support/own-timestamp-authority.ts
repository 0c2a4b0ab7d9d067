import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DER_SEQUENCE, der, derInteger } from '../../shared/evidence/keys/der.ts'

const CONFIG = `
[tsa]
default_tsa = ours
[ours]
serial = ./serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[signer]
extendedKeyUsage = critical,timeStamping
[tls]
extendedKeyUsage = critical,serverAuth
[both]
extendedKeyUsage = critical,timeStamping,serverAuth
[lenient]
extendedKeyUsage = timeStamping
[none]
basicConstraints = CA:false
`
const KEYS = {
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  p384: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  rsa: ['-newkey', 'rsa:2048'],
} as const

export type Purpose = 'authority' | 'signer' | 'tls' | 'both' | 'lenient' | 'none'

/** Certificates and time stamps by `openssl` in a folder of its own. */
export class OwnTimestampAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'own-tsa-'))

  constructor() {
    writeFileSync(join(this.folder, 'tsa.cnf'), CONFIG)
    writeFileSync(join(this.folder, 'serial'), '01\n')
    this.root('ca')
    this.issue('tsa', 'ca', 'signer')
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  openssl(...words: readonly string[]): string {
    return execFileSync('openssl', words, { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' })
  }

  write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.folder, name), content)
  }

  read(name: string): Buffer {
    return readFileSync(join(this.folder, name))
  }

  /** Makes `name.pem` and `name.key`, signed by itself. */
  root(name: string): void {
    this.openssl(
      'req',
      '-x509',
      ...KEYS.ec,
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-subj',
      `/CN=${name}`,
      '-days',
      '30',
      '-config',
      'tsa.cnf',
      '-extensions',
      'authority',
    )
  }

  /** Makes `name.pem` and `name.key`, signed by another. */
  issue(name: string, by: string, purpose: Purpose, key: keyof typeof KEYS = 'ec'): void {
    this.openssl(
      'req',
      '-new',
      ...KEYS[key],
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
      '-config',
      'tsa.cnf',
    )
    this.openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${by}.pem`,
      '-CAkey',
      `${by}.key`,
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-days',
      '20',
      '-extfile',
      'tsa.cnf',
      '-extensions',
      purpose,
    )
  }

  /** The answer of this authority about some content. */
  stamp(
    content: Buffer,
    { digest = 'sha256', ...by }: { signer?: string; digest?: string; chain?: string } = {},
  ): Buffer {
    this.write('content', content)
    this.openssl('ts', '-query', '-data', 'content', `-${digest}`, '-cert', '-out', 'query.tsq')
    return this.answer(this.read('query.tsq'), by)
  }

  /** The answer of this authority to a request. */
  answer(request: Buffer, { signer = 'tsa', chain }: { signer?: string; chain?: string } = {}): Buffer {
    this.write('query.tsq', request)
    const certificates = chain === undefined ? [] : ['-chain', chain]
    this.openssl(
      'ts',
      '-reply',
      '-config',
      'tsa.cnf',
      '-section',
      'ours',
      '-queryfile',
      'query.tsq',
      '-signer',
      `${signer}.pem`,
      '-inkey',
      `${signer}.key`,
      ...certificates,
      '-out',
      'reply.tsr',
    )
    return this.read('reply.tsr')
  }

  /** What a time stamp says, signed anew by somebody, as no honest authority would. */
  forge(
    answer: Buffer,
    signer: string,
    change: (info: Buffer) => Buffer = (info) => info,
    more: readonly string[] = ['-cades'],
  ): Buffer {
    this.write('answer.tsr', answer)
    this.openssl('ts', '-reply', '-in', 'answer.tsr', '-token_out', '-out', 'token.der')
    this.openssl(
      'cms',
      '-verify',
      '-noverify',
      '-nosigs',
      '-inform',
      'DER',
      '-in',
      'token.der',
      '-binary',
      '-out',
      'info.der',
    )
    this.write('info.der', change(this.read('info.der')))
    this.openssl(
      'cms',
      '-sign',
      '-binary',
      '-nodetach',
      '-nosmimecap',
      '-econtent_type',
      '1.2.840.113549.1.9.16.1.4',
      '-md',
      'sha256',
      '-signer',
      `${signer}.pem`,
      '-inkey',
      `${signer}.key`,
      '-in',
      'info.der',
      '-outform',
      'DER',
      '-out',
      'forged.der',
      ...more,
    )
    return der(DER_SEQUENCE, der(DER_SEQUENCE, derInteger(Buffer.of(0))), this.read('forged.der'))
  }

  /** Whether `openssl ts -verify` accepts it. */
  accepts(answer: Buffer, content: Buffer, authority = 'ca', more: readonly string[] = []): boolean {
    this.write('content', content)
    this.write('checked.tsr', answer)
    try {
      return this.openssl(
        'ts',
        '-verify',
        '-data',
        'content',
        '-in',
        'checked.tsr',
        '-CAfile',
        `${authority}.pem`,
        ...more,
      ).includes('Verification: OK')
    } catch {
      return false
    }
  }
}
