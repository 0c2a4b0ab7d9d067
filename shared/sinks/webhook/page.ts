/** Bytes of a body that are looked at. */
export const PAGE_SHOWS_WITHIN = 1024

const HTML_TYPE = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i
const HTML_DOCUMENT = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)\b/i
const TAG = /<[a-z!/]/i

/**
 * Whether a body begins like a web page, which no receiver of events answers with: a sign-in page,
 * a firewall's, a gateway's. The media type alone proves nothing: web frameworks send a bare `ok`,
 * or an empty body, as `text/html`.
 * @param beginning at most `PAGE_SHOWS_WITHIN` of it
 */
export const isPage = (mediaType: string, beginning: string): boolean =>
  HTML_DOCUMENT.test(beginning) || (HTML_TYPE.test(mediaType) && TAG.test(beginning))

/** Whether the rest of the body cannot make it a page any more. */
export const cannotBePage = (mediaType: string, beginning: string): boolean =>
  !HTML_TYPE.test(mediaType) && /^\s*[^\s<]/.test(beginning)
