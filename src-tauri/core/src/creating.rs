//! Which keys this process is creating: their plaintext comes once, to it.

use tokio::sync::watch;

/// The creates under way in this process.
pub(crate) struct Creating(watch::Sender<Count>);

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    under_way: usize,
    begun: u32,
}

impl Default for Creating {
    fn default() -> Self {
        Self(watch::Sender::new(Count::default()))
    }
}

impl Creating {
    /// One is under way for as long as the answer lives.
    pub(crate) fn begin(&self) -> impl Drop + Send + use<> {
        self.0.send_modify(|count| *count = Count { under_way: count.under_way + 1, begun: count.begun + 1 });
        UnderWay(self.0.clone())
    }

    /// Which one is under way, if one is; the latest of several.
    pub(crate) fn turn(&self) -> Option<u32> {
        let Count { under_way, begun } = *self.0.borrow();
        (under_way > 0).then_some(begun)
    }

    /// Waits until none is.
    pub(crate) async fn ended(&self) {
        // Fails only without a sender, and that is ours.
        let _ = self.0.subscribe().wait_for(|count| count.under_way == 0).await;
    }
}

struct UnderWay(watch::Sender<Count>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|count| count.under_way -= 1);
    }
}
