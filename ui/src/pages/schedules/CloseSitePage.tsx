import { Title } from "@mantine/core";
import { text } from "~/text/en";

export function CloseSitePage() {
  return (
    <Title order={1} size="h3">
      {text.schedule.title}
    </Title>
  );
}
