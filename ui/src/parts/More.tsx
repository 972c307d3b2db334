import { Button, Center } from "@mantine/core";
import { text } from "~/text/en";

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Loads the next page, while there is one. */
export function More({ pages, component = "div" }: { pages: Pages; component?: "div" | "li" }) {
  if (!pages.hasNextPage) return null;
  return (
    <Center p="md" component={component}>
      <Button
        variant="default"
        loading={pages.isFetchingNextPage}
        onClick={() => void pages.fetchNextPage()}
      >
        {text.state.more}
      </Button>
    </Center>
  );
}
