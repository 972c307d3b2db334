import { Title } from "@mantine/core";
import { text } from "~/text/en";

export function CasePage() {
  return (
    <Title order={1} size="h3">
      {text.cases.title}
    </Title>
  );
}
