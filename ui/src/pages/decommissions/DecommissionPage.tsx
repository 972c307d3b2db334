import { Title } from "@mantine/core";
import { text } from "~/text/en";

export function DecommissionPage() {
  return (
    <Title order={1} size="h3">
      {text.progress.title}
    </Title>
  );
}
