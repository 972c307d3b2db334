import { Title } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import { useLocation } from "react-router-dom";

/** The head of a step; takes the focus when a step leads here, so that keyboards go on from it. */
export function StepTitle({ children }: { children: ReactNode }) {
  const title = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  useEffect(() => {
    if (key !== "default") title.current?.focus(); // "default": the page was loaded anew
  }, [key]);
  return (
    <Title order={2} size="h4" ref={title} tabIndex={-1} className="step-title">
      {children}
    </Title>
  );
}
