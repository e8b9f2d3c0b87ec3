//! One client: it sends, loses its connection, comes back and resumes, exactly as `docs/protocol.md` says.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use fastrand::Rng;
use tokio::{
    sync::{mpsc::UnboundedReceiver, watch},
    time::{Instant, sleep, sleep_until},
};
use tokio_tungstenite::tungstenite::Message as Ws;

use crate::{
    record::{Record, Tally},
    rng::{around, percent},
    socket::{Gone, Socket},
    view::{Shown, Watching},
    wire::{Frame, Key, email},
};

/// Every frame that wants an answer gets one within this, on a connection that lives.
const ANSWER: Duration = Duration::from_secs(30);
/// How long after the last message was stored it must have arrived.
const CATCH_UP: Duration = Duration::from_secs(30);
/// How many of its messages may be without an ack before it waits with the next.
const WINDOW: usize = 8;
/// How many pages a socket that is to stall asks for: more than the kernel takes for it.
const JAM: usize = 64;

/// What the driver tells a client.
#[derive(Debug, Clone)]
pub(crate) enum Order {
    /// Lose the connection without a close; with a reset, or with an end.
    Cut { reset: bool },
    /// Send so many messages of so many bytes at once.
    Burst { count: usize, bytes: usize },
    /// Ask for much and read nothing until then.
    Stall(Instant),
    /// Watch another conversation. Agents only.
    Hop(usize),
    /// Send nothing new.
    Quiet,
    /// End, once everything up to these seqs, a room each, has arrived.
    Finish(Arc<Vec<u64>>),
}

/// Who a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Visitor,
    Agent,
}

pub(crate) struct Client {
    pub number: usize,
    pub role: Role,
    pub rng: Rng,
    /// How long it waits between two messages at least; twice that at most.
    pub pace: Duration,
    pub tally: Arc<Tally>,
    pub address: watch::Receiver<Option<SocketAddr>>,
    pub orders: UnboundedReceiver<Order>,
    record: Record,
    watching: Watching,
    waiting: BTreeMap<usize, Waiting>,
    next_message: Option<Instant>,
    finish: Option<(Arc<Vec<u64>>, Instant)>,
    /// Room, number and seq of the last message that was acknowledged at its first try.
    in_order: (usize, usize, u64),
}

/// A message without an ack.
struct Waiting {
    text: String,
    room: usize,
    tries: usize,
    /// When to send it, or when its answer is overdue.
    at: Instant,
    sent: bool,
}

impl Client {
    pub fn new(
        (number, room, role): (usize, usize, Role),
        (rng, pace): (Rng, Duration),
        tally: Arc<Tally>,
        address: watch::Receiver<Option<SocketAddr>>,
        orders: UnboundedReceiver<Order>,
    ) -> Self {
        Self {
            number,
            role,
            rng,
            pace,
            tally,
            address,
            orders,
            record: Record::default(),
            watching: Watching::new(room),
            waiting: BTreeMap::new(),
            next_message: Some(Instant::now()),
            finish: None,
            in_order: (room, 0, 0),
        }
    }

    /// Lives until it is told to finish.
    pub async fn run(mut self) -> Record {
        loop {
            let Some(address) =
                self.address.wait_for(Option::is_some).await.ok().and_then(|address| *address)
            else {
                return self.end();
            };
            let lived = self.live(address).await;
            if self.watching.is_live() {
                self.tally.live.subtract(1);
            }
            match lived {
                Ok(()) => return self.end(),
                Err(Gone::Refused(what)) => self.record.broken(format!("client {}: {what}", self.number)),
                Err(Gone::NotAccepted) => self.tally.not_accepted.add(1),
                Err(Gone::NoHandshake) => self.tally.no_handshake.add(1),
                Err(Gone::Lost) => {}
            }
            self.watching.lose();
            if self.is_late() {
                self.record.broken(format!("client {} did not catch up", self.number));
                return self.end();
            }
            sleep(around(&mut self.rng, Duration::from_millis(50))).await;
        }
    }

    fn end(mut self) -> Record {
        self.record.views.push(self.watching.stay());
        self.record
    }

    fn is_late(&self) -> bool {
        self.finish.as_ref().is_some_and(|(_, deadline)| *deadline <= Instant::now())
    }

    fn path(&self) -> String {
        match self.role {
            Role::Visitor => format!("/ws/chat/user/{}/", email(self.watching.room)),
            Role::Agent => format!("/ws/chat/admin/agent-{}/", self.number),
        }
    }

    /// One connection. `Ok`: it has finished.
    async fn live(&mut self, address: SocketAddr) -> Result<(), Gone> {
        let mut socket = Socket::connect(address, &self.path()).await?;
        self.tally.connects.add(1);
        let now = Instant::now();
        for waiting in self.waiting.values_mut() {
            (waiting.at, waiting.sent) = (now, false);
        }
        self.ask(&mut socket).await?;
        loop {
            let due = self.due();
            tokio::select! {
                order = self.orders.recv() => {
                    let Some(order) = order else { return Ok(()) };
                    self.obey(order, &mut socket).await?;
                }
                message = socket.next() => match message? {
                    Ws::Text(text) => match serde_json::from_str(&text) {
                        Ok(frame) => self.take(frame, &mut socket).await?,
                        Err(error) => return Err(Gone::Refused(format!("{error} in {text:.200}"))),
                    },
                    Ws::Close(close) => return Err(Gone::closed(close.as_ref())),
                    _ => {}
                },
                () = sleep_until(due) => self.work(&mut socket).await?,
            }
            if let Some((last, deadline)) = &self.finish {
                if self.watching.has(last[self.watching.room]) {
                    return Ok(());
                }
                if *deadline <= Instant::now() {
                    return Err(Gone::Lost);
                }
            }
        }
    }

    async fn obey(&mut self, order: Order, socket: &mut Socket) -> Result<(), Gone> {
        match order {
            Order::Cut { reset } => {
                socket.cut(reset);
                return Err(Gone::Lost);
            }
            Order::Burst { count, bytes } => {
                for _ in 0..count {
                    self.compose(bytes);
                }
            }
            Order::Stall(until) if until > Instant::now() => {
                let counter =
                    if socket.stall(&self.watching.page_request(self.role, 0, "jam"), JAM, until).await {
                        &self.tally.slow_ended
                    } else {
                        &self.tally.slow_open
                    };
                counter.add(1);
                return Err(Gone::Lost);
            }
            Order::Stall(_) => {}
            Order::Hop(room) => {
                if self.watching.is_live() {
                    self.tally.live.subtract(1);
                }
                let left = self.watching.hop(room);
                self.record.views.push(left);
                self.tally.hops.add(1);
                self.ask(socket).await?;
            }
            Order::Quiet => {
                self.next_message = None;
                self.tally.quiet.add(1);
            }
            Order::Finish(last) => self.finish = Some((last, Instant::now() + CATCH_UP)),
        }
        Ok(())
    }

    /// Writes a message of its own down, to be sent at once.
    fn compose(&mut self, bytes: usize) {
        let room = self.watching.room;
        let (key, text) = self.record.send(self.number, room, bytes);
        let waiting = Waiting { text, room, tries: 0, at: Instant::now(), sent: false };
        self.waiting.insert(key.number, waiting);
        self.tally.outstanding.add(1);
    }

    /// When there is something to do without being asked.
    fn due(&self) -> Instant {
        let far = Instant::now() + ANSWER;
        let messages = self.waiting.values().map(|waiting| waiting.at);
        let finish = self.finish.as_ref().map(|(_, deadline)| *deadline);
        messages.chain(self.next_message).chain(self.watching.due()).chain(finish).min().unwrap_or(far)
    }

    /// Does what is due: new messages, messages again, pages again.
    async fn work(&mut self, socket: &mut Socket) -> Result<(), Gone> {
        let now = Instant::now();
        if self.next_message.is_some_and(|at| at <= now) {
            self.next_message = Some(now + around(&mut self.rng, self.pace));
            if percent(&mut self.rng, 10) {
                let room = email(self.watching.room);
                socket.send(&serde_json::json!({"type": "read_messages", "email": room})).await?;
            } else if self.waiting.len() < WINDOW {
                let bytes = if percent(&mut self.rng, 2) { 4 << 10 } else { self.rng.usize(..400) };
                self.compose(bytes);
            }
        }
        for (number, waiting) in &mut self.waiting {
            if waiting.at > now {
                continue;
            }
            if waiting.sent {
                return Err(Gone::Refused(format!("no answer to message {number}")));
            }
            let key = Key { client: self.number, number: *number };
            let mut frame =
                serde_json::json!({"type": "message", "message": waiting.text, "client_id": key.client_id()});
            if self.role == Role::Agent {
                frame["to"] = email(waiting.room).into();
            }
            socket.send(&frame).await?;
            self.tally.resent.add(usize::from(waiting.tries > 0));
            (waiting.at, waiting.sent, waiting.tries) = (now + ANSWER, true, waiting.tries + 1);
        }
        match self.watching.due() {
            Some(at) if at <= now && self.watching.was_refused() => self.ask(socket).await,
            Some(at) if at <= now => Err(Gone::Refused("no answer to get_conversation".into())),
            _ => Ok(()),
        }
    }

    /// Asks for what follows what it has.
    async fn ask(&mut self, socket: &mut Socket) -> Result<(), Gone> {
        let request = self.watching.ask(self.role, Instant::now() + ANSWER);
        socket.send(&request).await
    }

    async fn take(&mut self, frame: Frame, socket: &mut Socket) -> Result<(), Gone> {
        match frame {
            Frame::Conversation(page) => {
                self.tally.pages.add(1);
                match self.watching.page(&page, &mut self.record) {
                    Shown::Nothing => {}
                    Shown::More(messages) => {
                        self.tally.deliveries.add(messages);
                        self.ask(socket).await?;
                    }
                    Shown::Live(messages) => {
                        self.tally.deliveries.add(messages);
                        self.tally.live.add(1);
                    }
                }
            }
            Frame::Message { message } => {
                let shown = self.watching.message(&message, &mut self.record);
                self.tally.deliveries.add(usize::from(shown));
            }
            Frame::Event { event } => self.watching.event(&event, &mut self.record),
            Frame::Ack { client_id, id, seq } => self.acked(&client_id, seq, id),
            Frame::Error { code, client_id, retry_after_ms } => {
                if code != "unavailable" {
                    return Err(Gone::Refused(format!("error {code} for {client_id:?}")));
                }
                self.tally.unavailable.add(1);
                let again = retry_after_ms
                    .map_or_else(|| around(&mut self.rng, Duration::from_millis(300)), Duration::from_millis);
                self.refused(client_id.as_deref(), Instant::now() + again);
            }
            Frame::Other => {}
        }
        Ok(())
    }

    fn acked(&mut self, client_id: &str, seq: u64, id: u64) {
        let Some(key) = Key::from_client_id(client_id).filter(|key| key.client == self.number) else {
            return self.record.broken(format!("an ack of somebody else's {client_id}"));
        };
        self.record.acked(key, seq, id);
        let Some(waiting) = self.waiting.remove(&key.number) else { return };
        self.tally.outstanding.subtract(1);
        self.tally.acked.add(1);
        if waiting.tries == 1 {
            let (room, number, before) = self.in_order;
            if room == waiting.room && number < key.number && seq < before {
                self.record.out_of_order += 1;
            }
            self.in_order = (waiting.room, key.number, seq);
        }
    }

    fn refused(&mut self, client_id: Option<&str>, again: Instant) {
        let Some(client_id) = client_id else { return };
        if let Some(key) = Key::from_client_id(client_id) {
            if let Some(waiting) = self.waiting.get_mut(&key.number) {
                (waiting.at, waiting.sent) = (again, false);
            }
        } else {
            self.watching.refused(client_id, again);
        }
    }
}
