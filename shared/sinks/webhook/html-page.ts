/** Bytes of a body that are examined. */
export const HTML_SNIFF_BYTES = 1024

const HTML_TYPE = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i
const HTML_DOCUMENT = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)\b/i
const TAG = /<[a-z!/]/i

/**
 * Whether a body begins like a web page, which no receiver of events sends: it comes from a sign-in
 * page, firewall or gateway. The media type alone proves nothing: web frameworks send a bare `ok`,
 * or an empty body, as `text/html`.
 * @param beginning at most `HTML_SNIFF_BYTES` bytes
 */
export const isHtmlPage = (mediaType: string, beginning: string): boolean =>
  HTML_DOCUMENT.test(beginning) || (HTML_TYPE.test(mediaType) && TAG.test(beginning))

/** Whether no continuation of the body could make it a page. */
export const cannotBeHtmlPage = (mediaType: string, beginning: string): boolean =>
  !HTML_TYPE.test(mediaType) && /^\s*[^\s<]/.test(beginning)
