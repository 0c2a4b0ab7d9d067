/** A value of the app that only passes through the host: it is handed on and never looked into. */
export type AppValue = object | string | number | bigint | boolean | symbol | null | undefined
