import { expect, test } from 'vitest'
import { safeNext } from './safe-next.ts'

test('only paths of this site are followed', () => {
  const check = (next: string | undefined, path: string) =>
    expect(safeNext(next, 'https://drawdown.example')).toBe(path)
  check(undefined, '/')
  check('/a/account_1/billing?dialog=plan', '/a/account_1/billing?dialog=plan')
  check('/join/abc', '/join/abc')
  check('https://evil.example', '/')
  check('//evil.example', '/')
  check('/\\evil.example', '/')
  check('\\/evil.example', '/')
  check('javascript:alert(1)', '/')
  check('/\t/evil.example', '/')
  check('/%09/evil.example', '/%09/evil.example')
  check('', '/')
})
