//! What the store reports, and who has waited for it.

use super::Broker;
use crate::interface::Event;
use crate::{ErrorCode, LogId, Now, Offset, Output};

impl Broker {
    pub(super) fn stored(&mut self, now: Now, log: LogId, through: Offset, out: &mut Vec<Output>) {
        let Some(hosted) = self.logs.get_mut(log) else {
            return;
        };
        if !hosted.log.stored(through) {
            return;
        }
        let high_watermark = hosted.log.high_watermark();
        out.push(Output::Event(Event::HighWatermark {
            partition: hosted.log.partition().clone(),
            offset: high_watermark,
        }));
        while let Some(hosted) = self.logs.get_mut(log)
            && let Some(waiting) = hosted
                .produces
                .pop_front_if(|waiting| waiting.through <= high_watermark)
        {
            self.settle_produce(waiting, None, out);
        }
        self.wake_fetches(log, out);
        if log == LogId::METADATA {
            self.admin_written(now, high_watermark, out);
        } else {
            self.group_records_written(now, log, high_watermark, out);
        }
    }

    pub(super) fn store_failed(
        &mut self,
        now: Now,
        log: LogId,
        from: Offset,
        out: &mut Vec<Output>,
    ) {
        let Some(hosted) = self.logs.get_mut(log) else {
            return;
        };
        hosted.log.store_failed(from);
        out.push(Output::Event(Event::StoreFailed {
            partition: hosted.log.partition().clone(),
        }));
        // Offsets grow along the queue, so everything that is lost is at its end.
        while let Some(hosted) = self.logs.get_mut(log)
            && let Some(waiting) = hosted
                .produces
                .pop_back_if(|waiting| waiting.through > from)
        {
            self.settle_produce(waiting, Some(ErrorCode::KafkaStorageError), out);
        }
        if log == LogId::METADATA {
            self.admin_write_failed(now, out);
        } else {
            self.group_write_failed(now, log, from, out);
        }
    }
}
