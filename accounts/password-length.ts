/** How long a password is, in characters: at least so that guessing is hopeless, at most what scrypt is given to read. */
export const PASSWORD_LENGTH = { least: 12, most: 128 }
