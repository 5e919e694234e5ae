/**
 * All pages of a list, for commands that show or search the whole of it.
 */

type Page<Item> = { data: Item[]; next_cursor: string | null }
type Query = { limit: number; cursor?: string }

const PAGE = 200

/** `readAll((query) => api.listInvoices({ query }))`, in the order of the list. */
export async function readAll<Item>(read: (query: Query) => Promise<Page<Item>>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of readEach(read)) all.push(item)
  return all
}

/** The same one by one, for those who stop before the end. */
export async function* readEach<Item>(read: (query: Query) => Promise<Page<Item>>): AsyncGenerator<Item> {
  let page = await read({ limit: PAGE })
  for (;;) {
    yield* page.data
    if (page.next_cursor === null) return
    page = await read({ limit: PAGE, cursor: page.next_cursor })
  }
}
