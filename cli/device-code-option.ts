/** For commands that ask Microsoft Graph. */
export const DEVICE_CODE_OPTION = {
  type: 'boolean',
  default: false,
  help: 'sign in to Graph with a code in the browser; needed where the sign-in of `az login` is used, whose\ntokens lack the permissions of Identity Protection',
} as const
