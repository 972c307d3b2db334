import { Title } from "@mantine/core";
import { text } from "~/text/en";

export function TasksPage() {
  return (
    <Title order={1} size="h3">
      {text.tasks.title}
    </Title>
  );
}
