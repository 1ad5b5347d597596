import { useEffect, useRef, useState } from "react";
import { embedDashboard } from "@superset-ui/embedded-sdk";

// Your backend knows who is signed in at your site, and what they may see.
async function fetchGuestToken() {
  const answer = await fetch("/guest-token", { method: "POST", credentials: "same-origin" });
  if (!answer.ok) throw new Error(`No guest token: ${answer.status}`);
  return (await answer.json()).token;
}

export function Dashboard() {
  const place = useRef(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    // One of its own for each time: React mounts twice while you develop.
    const mountPoint = document.createElement("div");
    mountPoint.className = "dashboard";
    place.current.replaceChildren(mountPoint);
    let embedded;
    let isGone = false;
    embedDashboard({
      id: «dashboard»,
      supersetDomain: «superset»,
      mountPoint,
      fetchGuestToken,
      iframeTitle: «title»,
      dashboardUiConfig: {
        hideTitle: «hide_title»,
        filters: { visible: true, expanded: «filters_open» },
      },
      // Links open as usual. "allow-top-navigation" would let the frame take the place of your page.
      iframeSandboxExtras: ["allow-popups-to-escape-sandbox"],
      // Superset must be told from which site it is asked: with same-origin or no-referrer it answers 403.
      referrerPolicy: "strict-origin-when-cross-origin",
    }).then(
      (done) => {
        embedded = done;
        if (isGone) embedded.unmount();
      },
      (error) => {
        console.error(error);
        if (!isGone) setFailed(true);
      },
    );
    return () => {
      isGone = true;
      embedded?.unmount();
      mountPoint.remove();
    };
  }, []);

  return (
    <>
      {failed && <p role="alert">The dashboard cannot be shown right now.</p>}
      <style>{".dashboard iframe { width: 100%; height: 90vh; border: 0; }"}</style>
      <div ref={place} />
    </>
  );
}
