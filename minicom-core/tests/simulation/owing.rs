//! What the log of a conversation says of its AI: one end for each question, and no word where agents attend.

use minicom_core::{Body, Conversation, Event, Log, LogId, Role, Seq, Store, WorkspaceId};

use crate::{
    oracle::stored,
    world::{VISITORS, World, chat},
};

/// What happened, so that a world in which nothing does is noticed.
#[derive(Debug, Default)]
pub struct Figures {
    pub answers: usize,
    pub handoffs: usize,
    pub taken_over: usize,
    pub handed_back: usize,
    pub stopped: usize,
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.answers += other.answers;
        self.handoffs += other.handoffs;
        self.taken_over += other.taken_over;
        self.handed_back += other.handed_back;
        self.stopped += other.stopped;
    }
}

/// A reader of the log who knows the rules and no snapshot.
#[derive(Debug, Default)]
struct Reader {
    agents_attend: bool,
    /// The last word, if it is a visitor's.
    unanswered: Option<Seq>,
    /// What the AI has yet to answer.
    owed: Option<Seq>,
    figures: Figures,
}

impl Reader {
    fn take(&mut self, event: &Event<Body>) {
        match (&event.body, event.actor.id.role) {
            (Body::Message { .. }, Role::User) => {
                self.unanswered = Some(event.seq);
                self.owed = self.unanswered.filter(|_| !self.agents_attend);
            }
            (Body::Message { .. }, Role::Agent) => {
                (self.unanswered, self.owed, self.agents_attend) = (None, None, true);
            }
            (Body::Message { text, .. }, Role::Ai) => {
                assert!(!self.agents_attend, "an answer where agents attend: {event:?}");
                let answers = text.rsplit_once(' ').and_then(|(_, seq)| seq.parse().ok()).map(Seq);
                assert!(answers.is_some() && answers == self.owed, "{event:?} answers not {:?}", self.owed);
                (self.unanswered, self.owed) = (None, None);
                self.figures.answers += 1;
            }
            (Body::Handoff { .. }, _) => {
                assert!(!self.agents_attend, "handed over twice: {event:?}");
                (self.owed, self.agents_attend) = (None, true);
                self.figures.handoffs += 1;
            }
            (Body::TakenOver, _) => {
                (self.owed, self.agents_attend) = (None, true);
                self.figures.taken_over += 1;
            }
            (Body::HandedBack, _) => {
                assert!(self.agents_attend, "handed back twice: {event:?}");
                (self.owed, self.agents_attend) = (self.unanswered, false);
                self.figures.handed_back += 1;
            }
            (Body::Stopped { in_reply_to }, _) => {
                assert_eq!(self.owed.take(), Some(*in_reply_to), "what is not owed was stopped");
                self.figures.stopped += 1;
            }
            (Body::Rated { .. }, _) => {}
            _ => panic!("nobody does that here: {event:?}"),
        }
    }
}

/// Judges a world that has been quiet for long enough: nothing is owed, by the snapshots and by the logs.
pub async fn judge(world: &World) -> Figures {
    let mut figures = Figures::default();
    for email in VISITORS {
        let mut reader = Reader::default();
        for (recorded, _) in stored(world, email).await {
            reader.take(&recorded.event);
        }
        assert_eq!(reader.owed, None, "{email} waits for ever");
        let log = LogId::conversation(&WorkspaceId::default(), chat(email).conversation());
        let loaded = world.truth.load(&log, &minicom_core::Also::NOTHING).await.unwrap();
        let fold = loaded.map(|loaded| Conversation::decode(&loaded.snapshot).unwrap()).unwrap_or_default();
        assert_eq!(fold.ai().owed(), None, "{email}");
        assert_eq!(fold.row().due_at, None);
        assert_eq!(fold.ai().answers(), reader.figures.answers as u64);
        figures += reader.figures;
    }
    figures
}
