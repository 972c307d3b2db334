import { Alert, Button, Code, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Component, useState, type ReactNode } from "react";
import { connection } from "~/api/connection";
import { text } from "~/text/en";
import { PageNotFetched } from "./pageNotFetched";

interface Props {
  /** The navigation that led here; the next one shows its page whatever became of this one. */
  visit: string;
  children: ReactNode;
}

interface State {
  visit: string;
  error: Error | null;
}

/** Keeps what a page throws while it is drawn from taking the rest of the console with it. */
export class PageTrouble extends Component<Props, State> {
  override state: State = { visit: this.props.visit, error: null };

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps({ visit }: Props, state: State): State | null {
    return visit === state.visit ? null : { visit, error: null };
  }

  override render(): ReactNode {
    return this.state.error ? <Told error={this.state.error} /> : this.props.children;
  }
}

function Told({ error }: { error: Error }) {
  const [isAsking, setAsking] = useState(false);
  const isMissing = error instanceof PageNotFetched;
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} m="md">
      <Stack gap="xs" align="flex-start">
        <Title order={1} size="h4">
          {isMissing ? text.pages.missing : text.pages.broken}
        </Title>
        <Text size="sm">{isMissing ? text.pages.missingHint : text.pages.brokenHint}</Text>
        {!isMissing && (
          <Text size="sm" className="long-name">
            {text.pages.brokenCause} <Code>{error.message}</Code>
          </Text>
        )}
        <Button
          size="xs"
          variant="default"
          loading={isAsking}
          onClick={() => {
            setAsking(true);
            void loadAgain().finally(() => setAsking(false));
          }}
        >
          {text.pages.reload}
        </Button>
      </Stack>
    </Alert>
  );
}

/** Not while the server is away: the browser's own page would take the place of the console. */
async function loadAgain(): Promise<void> {
  try {
    await fetch("/session", { cache: "no-store" });
  } catch {
    connection.lost();
    return;
  }
  window.location.reload();
}
