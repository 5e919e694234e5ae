/** The words for what members and keys may do. Which routes they open stands in http/principal.ts. */

/** What a member may do; `owner` may everything, and every account has one. */
export const roles = ['owner', 'admin', 'billing', 'editor', 'viewer'] as const
export type Role = (typeof roles)[number]

/** What an API key may do; a key never manages members or keys. */
export const scopes = ['read', 'write', 'usage:write', 'billing:write'] as const
export type Scope = (typeof scopes)[number]
