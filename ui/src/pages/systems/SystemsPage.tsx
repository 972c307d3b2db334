import { Title } from "@mantine/core";
import { text } from "~/text/en";

export function SystemsPage() {
  return (
    <Title order={1} size="h3">
      {text.systems.title}
    </Title>
  );
}
