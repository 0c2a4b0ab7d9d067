import { isJsonObject, type Json } from '../../../../encoding/json.ts'

/**
 * The reasons in an error of a Google API, `{"error":{"details":[{"reason":"API_KEY_INVALID"}]}}`;
 * none in anything else. https://cloud.google.com/apis/design/errors#error_info
 */
export function parseErrorReasons(body: string): readonly Json[] {
  let answer: Json
  try {
    answer = JSON.parse(body)
  } catch {
    return []
  }
  const error = isJsonObject(answer) ? answer['error'] : undefined
  const details = isJsonObject(error) ? error['details'] : undefined
  return Array.isArray(details)
    ? details.flatMap((one) => (isJsonObject(one) ? (one['reason'] ?? []) : []))
    : []
}
