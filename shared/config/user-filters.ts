import { USER_CATEGORIES } from '../domain/category.ts'

/** The filters of a sink that can name users, by the end of their settings' names. */
const ABOUT_USERS = {
  CATEGORIES: { names: USER_CATEGORIES, told: 'a category about users' },
  IDENTITY_TYPES: { names: ['user'], told: 'users' },
} as const

type UserFilter = keyof typeof ABOUT_USERS

export const namesUsers = (filter: UserFilter, given: readonly string[] = []): boolean =>
  given.some((one) => ABOUT_USERS[filter].names.some((name) => name === one))

/** @param setting the whole name */
export const usersNotIncluded = (filter: UserFilter, setting: string): string =>
  `${setting} names ${ABOUT_USERS[filter].told}, but INCLUDE_USER_RISK is not true: no such events would be exported`
