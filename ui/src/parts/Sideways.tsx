import { useEffect, useRef, useState, type ReactNode } from "react";

/** Scrolls sideways what is too wide, by keyboard too: only then it takes the focus. */
export function Sideways({ label, children }: { label: string; children: ReactNode }) {
  const outer = useRef<HTMLDivElement>(null);
  const [isTooWide, setTooWide] = useState(false);
  useEffect(() => {
    const box = outer.current!;
    const sizes = new ResizeObserver(() => setTooWide(box.scrollWidth > box.clientWidth));
    for (const each of [box, ...box.children]) sizes.observe(each);
    return () => sizes.disconnect();
  }, []);
  const focus = isTooWide ? { tabIndex: 0, role: "region", "aria-label": label } : {};
  return (
    <div ref={outer} style={{ overflowX: "auto" }} {...focus}>
      {children}
    </div>
  );
}
