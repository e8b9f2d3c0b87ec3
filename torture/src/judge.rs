//! The oracle: compares what clients wrote down with what is stored. It knows nothing of how Minicom works.

use std::{
    collections::{HashMap, HashSet},
    fmt::{self, Display, Formatter},
};

use crate::{
    record::{Record, View},
    wire::{Key, Seen},
};

/// What was found wrong; all zero is right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Acknowledged and not stored.
    pub acked_not_stored: usize,
    /// Acknowledged with another seq or id than it is stored with.
    pub acked_otherwise: usize,
    /// Never acknowledged, though there was time.
    pub unsettled: usize,
    /// Stored more than once.
    pub stored_twice: usize,
    /// Stored in another room, or with another text, than sent; or never sent.
    pub stored_wrong: usize,
    /// Ids that stand for two messages.
    pub same_id: usize,
    /// Stored, and not shown by a client that watched.
    pub lost: usize,
    /// Shown twice by a client.
    pub doubled: usize,
    /// Shown in another order than stored.
    pub out_of_order: usize,
    /// Shown, and not what is stored under that seq.
    pub shown_wrong: usize,
    /// Sent to a socket that watches another room.
    pub leaked: usize,
    /// Whatever else happened that may not.
    pub broken: Vec<String>,
}

impl Verdict {
    fn counts(&self) -> [(&'static str, usize); 11] {
        [
            ("acked - stored", self.acked_not_stored),
            ("acked seq or id differs from stored", self.acked_otherwise),
            ("never acked", self.unsettled),
            ("stored twice", self.stored_twice),
            ("stored otherwise than sent", self.stored_wrong),
            ("ids not unique", self.same_id),
            ("lost", self.lost),
            ("doubled", self.doubled),
            ("out of order", self.out_of_order),
            ("shown otherwise than stored", self.shown_wrong),
            ("leaked to another room", self.leaked),
        ]
    }

    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.broken.is_empty() && self.counts().iter().all(|(_, count)| *count == 0)
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (what, count) in self.counts() {
            writeln!(f, "{what:<38}{count:>10}")?;
        }
        writeln!(f, "{:<38}{:>10}", "anything else", self.broken.len())?;
        for broken in &self.broken {
            writeln!(f, "  {broken}")?;
        }
        Ok(())
    }
}

/// Compares. `records` are by client, `stored` by room and seq.
pub(crate) fn judge(records: &[Record], stored: &[Vec<Seen>]) -> Verdict {
    let mut verdict = Verdict::default();
    let mut ids = HashSet::new();
    let mut places: HashMap<Key, (usize, Seen)> = HashMap::new();
    for (room, messages) in stored.iter().enumerate() {
        for message in messages {
            verdict.same_id += usize::from(!ids.insert(message.id));
            let sent = message.key.and_then(|key| records.get(key.client)?.sent.get(key.number));
            let right = sent.is_some_and(|sent| (sent.room, sent.hash) == (room, message.hash));
            verdict.stored_wrong += usize::from(!right);
            if let Some(key) = message.key {
                verdict.stored_twice += usize::from(places.insert(key, (room, *message)).is_some());
            }
        }
    }
    for (client, record) in records.iter().enumerate() {
        for (number, sent) in record.sent.iter().enumerate() {
            match (sent.ack, places.get(&Key { client, number })) {
                (None, _) => verdict.unsettled += 1,
                (Some(_), None) => verdict.acked_not_stored += 1,
                (Some(ack), Some((_, stored))) => {
                    verdict.acked_otherwise += usize::from(ack != (stored.seq, stored.id));
                }
            }
        }
        for view in &record.views {
            judge_view(view, &stored[view.room], &mut verdict);
        }
        verdict.doubled += record.doubled;
        verdict.out_of_order += record.out_of_order;
        verdict.leaked += record.leaked;
        verdict.broken.extend(record.broken.iter().cloned());
    }
    verdict
}

/// What a client showed must be what is stored, from the first message to where it left.
fn judge_view(view: &View, stored: &[Seen], verdict: &mut Verdict) {
    let end = view.through.map_or(stored.len(), |through| stored.partition_point(|seen| seen.seq <= through));
    let by_seq: HashMap<u64, &Seen> = view.seen.iter().map(|seen| (seen.seq, seen)).collect();
    let expected: HashMap<u64, &Seen> = stored[..end].iter().map(|seen| (seen.seq, seen)).collect();
    verdict.lost += expected.keys().filter(|seq| !by_seq.contains_key(seq)).count();
    verdict.doubled += view.seen.len() - by_seq.len();
    verdict.out_of_order += view.seen.windows(2).filter(|pair| pair[0].seq > pair[1].seq).count();
    verdict.shown_wrong += by_seq.iter().filter(|(seq, seen)| expected.get(seq) != Some(seen)).count();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::hash;

    const BYTES: usize = 5;

    /// Two clients in room 0, two messages each, all acknowledged, stored and shown to both; and an empty room 1.
    fn right() -> (Vec<Record>, Vec<Vec<Seen>>) {
        let mut records = vec![Record::default(), Record::default()];
        let mut room = Vec::new();
        for (seq, client) in [(1, 0), (2, 1), (3, 1), (4, 0)] {
            let (key, text) = records[client].send(client, 0, BYTES);
            let id = seq + 100;
            records[client].acked(key, seq, id);
            room.push(Seen { seq, id, key: Some(key), hash: hash(&text) });
        }
        for record in &mut records {
            record.views.push(View { room: 0, seen: room.clone(), through: None });
        }
        (records, vec![room, Vec::new()])
    }

    fn judged(spoil: impl FnOnce(&mut Vec<Record>, &mut Vec<Vec<Seen>>)) -> Verdict {
        let (mut records, mut stored) = right();
        spoil(&mut records, &mut stored);
        judge(&records, &stored)
    }

    fn in_views(records: &mut [Record], change: impl Fn(&mut Vec<Seen>)) {
        for record in records {
            change(&mut record.views[0].seen);
        }
    }

    #[test]
    fn what_is_right_is_clean() {
        assert!(judged(|_, _| {}).is_clean());
        let left = judged(|records, _| {
            records[0].views[0].seen.truncate(2);
            records[0].views[0].through = Some(2);
        });
        assert!(left.is_clean(), "{left}");
    }

    #[test]
    fn each_fault_is_seen_as_what_it_is() {
        let clean = Verdict::default();
        let vanished = judged(|records, stored| {
            stored[0].pop();
            in_views(records, |seen| seen.truncate(3));
        });
        assert_eq!(vanished, Verdict { acked_not_stored: 1, ..clean.clone() });

        let moved = judged(|records, _| records[0].sent[0].ack = Some((9, 101)));
        assert_eq!(moved, Verdict { acked_otherwise: 1, ..clean.clone() });

        let unsettled = judged(|records, _| records[0].sent[0].ack = None);
        assert_eq!(unsettled, Verdict { unsettled: 1, ..clean.clone() });

        let twice = judged(|records, stored| {
            let again = Seen { seq: 5, id: 105, ..stored[0][3] };
            stored[0].push(again);
            records[0].sent[1].ack = Some((5, 105));
            in_views(records, |seen| seen.push(again));
        });
        assert_eq!(twice, Verdict { stored_twice: 1, ..clean.clone() });

        let garbled = judged(|records, stored| {
            stored[0][0].hash += 1;
            in_views(records, |seen| seen[0].hash += 1);
        });
        assert_eq!(garbled, Verdict { stored_wrong: 1, ..clean.clone() });

        let same_id = judged(|records, stored| {
            stored[0][0].id = 102;
            records[0].sent[0].ack = Some((1, 102));
            in_views(records, |seen| seen[0].id = 102);
        });
        assert_eq!(same_id, Verdict { same_id: 1, ..clean.clone() });

        let lost = judged(|records, _| records[1].views[0].seen.retain(|seen| seen.seq != 2));
        assert_eq!(lost, Verdict { lost: 1, ..clean.clone() });

        let doubled = judged(|records, _| {
            let seen = &mut records[1].views[0].seen;
            seen.insert(1, seen[0]);
        });
        assert_eq!(doubled, Verdict { doubled: 1, ..clean.clone() });

        let swapped = judged(|records, _| records[1].views[0].seen.swap(0, 1));
        assert_eq!(swapped, Verdict { out_of_order: 1, ..clean.clone() });

        let invented = judged(|records, _| records[1].views[0].seen[0].id += 1);
        assert_eq!(invented, Verdict { shown_wrong: 1, ..clean });
    }
}
