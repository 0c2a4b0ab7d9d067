import { createHash } from 'node:crypto'
import {
  EvaluationError,
  flag,
  isArray,
  isObject,
  lambda,
  list,
  number,
  object,
  text,
  type Value,
} from './value.ts'

const hex = (parts: readonly Value[]): string =>
  createHash('sha256')
    .update(parts.map((p) => text(p)).join('\n'))
    .digest('hex')

/** A name-based GUID; not the platform's, but as much a function of its arguments. */
const guid = (...parts: readonly Value[]): string => {
  const h = hex(parts)
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-5${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`
}

const isEmpty = (value: Value): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0)

const includes = (whole: Value, part: Value): boolean => {
  if (isArray(whole)) return whole.some((item) => item === part)
  if (isObject(whole)) return text(part) in whole
  return text(whole).includes(text(part))
}

/** The n-th subnet of this size, of an IPv4 prefix. */
function cidrSubnet(prefix: Value, size: Value, index: Value): string {
  const [address = '', bits = ''] = text(prefix).split('/')
  const start = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
  const step = 2 ** (32 - number(size))
  if (number(size) < Number(bits) || step * (number(index) + 1) > 2 ** (32 - Number(bits))) {
    throw new EvaluationError(`${text(prefix)} has no subnet ${number(index)} of /${number(size)}`)
  }
  const first = start + step * number(index)
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${number(size)}`
}

const idOf = (prefix: string, type: Value, names: readonly Value[]): string => {
  const [provider, ...kinds] = text(type).split('/')
  if (kinds.length !== names.length) throw new EvaluationError(`${text(type)} has ${kinds.length} names`)
  return `${prefix}/providers/${provider}/${kinds.map((kind, i) => `${kind}/${text(names[i])}`).join('/')}`
}

/** The pure functions that our templates use. */
export const pureFunctions: Readonly<Record<string, (...args: readonly Value[]) => Value>> = {
  concat: (...parts) => (parts.every(isArray) ? parts.flatMap(list) : parts.map((p) => text(p)).join('')),
  contains: (whole, part) => includes(whole, part),
  cidrSubnet,
  empty: (value) => isEmpty(value),
  extensionResourceId: (base, type, ...names) => idOf(text(base), type, names),
  filter: (items, keep) => list(items).filter((item) => flag(lambda(keep).call(item))),
  first: (items) => list(items)[0],
  format: (pattern, ...args) =>
    text(pattern).replaceAll(/\{(\d+)\}/g, (_, i: string) => text(args[Number(i)])),
  guid,
  items: (value) =>
    Object.entries(object(value))
      .map(([key, item]) => ({ key, value: item }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
  join: (items, separator) =>
    list(items)
      .map((item) => text(item))
      .join(text(separator)),
  last: (items) => list(items).at(-1),
  length: (value) => (isArray(value) ? value.length : text(value).length),
  map: (items, change) => list(items).map((item) => lambda(change).call(item)),
  mapValues: (value, change) =>
    Object.fromEntries(Object.entries(object(value)).map(([key, item]) => [key, lambda(change).call(item)])),
  max: (...numbers) => Math.max(...numbers.map((n) => number(n))),
  not: (value) => !flag(value),
  reduce: (items, start, step) => list(items).reduce<Value>((all, one) => lambda(step).call(all, one), start),
  replace: (whole, part, by) => text(whole).replaceAll(text(part), text(by)),
  split: (whole, separator) => text(whole).split(text(separator)),
  startsWith: (whole, part) => text(whole).toLowerCase().startsWith(text(part).toLowerCase()),
  string: (value) => (isObject(value) || isArray(value) ? JSON.stringify(value) : text(value)),
  subscriptionResourceId: (type, ...names) =>
    idOf('/subscriptions/00000000-0000-4000-8000-00000000005b', type, names),
  substring: (whole, start, length) => text(whole).slice(number(start), number(start) + number(length)),
  toLower: (value) => text(value).toLowerCase(),
  toObject: (items, key, value) =>
    Object.fromEntries(
      list(items).map((item) => [
        text(lambda(key).call(item)),
        value === undefined ? item : lambda(value).call(item),
      ]),
    ),
  toUpper: (value) => text(value).toUpperCase(),
  trim: (value) => text(value).trim(),
  union: (...parts) =>
    parts.every(isArray) ? [...new Set(parts.flatMap(list))] : Object.assign({}, ...parts.map(object)),
  uniqueString: (...parts) => hex(parts).replaceAll(/[01]/g, 'z').slice(0, 13),
}

export const resourceIdIn =
  (group: string) =>
  (type: Value, ...names: readonly Value[]): string =>
    idOf(`/subscriptions/00000000-0000-4000-8000-00000000005b/resourceGroups/${group}`, type, names)
