const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const GUID_LENGTH = 36
const GUID_WITHIN = /(?:^|[^0-9a-f-])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f-])/i

/** GUIDs differ in case between sources and mean the same; any other id stays as it is. */
export const lowerGuid = (id: string): string =>
  id.length === GUID_LENGTH && GUID.test(id) ? id.toLowerCase() : id

/** The first GUID in a text such as a resource id, lower-case. */
export const guidWithin = (text: string): string | undefined => GUID_WITHIN.exec(text)?.[1]?.toLowerCase()
