/** Bytes of a body after which it is no page, if it was none so far. */
export const PAGE_SHOWS_WITHIN = 1024

const HTML_TYPE = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i
const HTML_DOCUMENT = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)\b/i
const TAG = /<[a-z!/]/i

/**
 * Whether the beginning of a body is that of a web page, which no receiver of events answers with: a sign-in page, a firewall's, a
 * gateway's. The media type alone proves nothing: web frameworks call a bare `ok`, or an empty body, `text/html`.
 * @param beginning at most `PAGE_SHOWS_WITHIN` of it
 */
export const isPage = (mediaType: string, beginning: string): boolean =>
  HTML_DOCUMENT.test(beginning) || (HTML_TYPE.test(mediaType) && TAG.test(beginning))

/** Whether more of the body cannot make it a page. */
export const cannotBePage = (mediaType: string, beginning: string): boolean =>
  !HTML_TYPE.test(mediaType) && /^\s*[^\s<]/.test(beginning)
