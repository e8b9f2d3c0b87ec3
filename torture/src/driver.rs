//! Runs a plan: starts everybody, breaks one thing after the other, and asks the judge.

use std::{path::Path, sync::Arc, time::Duration};

use fastrand::Rng;
use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::{
    Disk, Error, Plan, Report, audit,
    client::{Client, Order, Role},
    judge::judge,
    plan::Episode,
    record::{Record, Tally},
    report::Memory,
    rng::{around, percent, stream},
    server::Server,
    wire::Seen,
};

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How long a condition may take to come true.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long sockets read nothing: the server ends them after 10 s, and tries for 4 s more to say goodbye.
const STALL: Duration = Duration::from_secs(16);
/// What may wait for one socket: the outbox's 256 KiB, and a page of 128 KiB beside it.
const FOR_A_SOCKET: u64 = (256 + 128) << 10;
/// What the server may need for everything else that happens meanwhile.
const SLACK: u64 = 32 << 20;
/// So many messages of so many bytes are more than an outbox holds and make a page a full one.
const BURST: Order = Order::Burst { count: 40, bytes: 8 << 10 };
/// The last members of a room write while others stall.
const TALKERS: usize = 2;
/// The one before them is an agent who goes from room to room, and never stalls: he may be where little is to be read.
const ROAMERS: usize = 1;

/// Runs it against a server's binary. What it may not do is in the report's verdict.
pub async fn run(plan: &Plan, disk: Disk, binary: &Path) -> Result<Report, Error> {
    let started = Instant::now();
    let mut driver = Driver::start(plan, disk, binary).await?;
    driver.wait("everybody live", |driver| driver.tally.live.get() == plan.sockets()).await;
    let meddler = tokio::spawn(meddle(plan.clone(), driver.orders.clone()));
    let mut rng = stream(plan.seed, u64::MAX);
    loop {
        for episode in plan.episodes(&mut rng) {
            sleep(around(&mut rng, plan.pause)).await;
            driver.break_something(episode, &mut rng).await?;
        }
        if started.elapsed() >= plan.lasts {
            break;
        }
    }
    meddler.abort();
    driver.finish(started).await
}

struct Driver<'a> {
    plan: &'a Plan,
    disk: Disk,
    server: Server,
    tally: Arc<Tally>,
    orders: Vec<UnboundedSender<Order>>,
    clients: Vec<JoinHandle<Record>>,
    /// What the driver itself finds wrong, and the auditor.
    record: Record,
    stalls: Vec<Memory>,
    full_disks: usize,
    refused_starts: usize,
    deploys: usize,
}

impl<'a> Driver<'a> {
    async fn start(plan: &'a Plan, disk: Disk, binary: &Path) -> Result<Self, Error> {
        let mut server = Server::new(binary, disk.database());
        if plan.hands_over() {
            server = server.with_socket().map_err(Error::Server)?;
        }
        server.start().await.map_err(Error::Server)?;
        let tally = Arc::new(Tally::default());
        let (mut orders, mut clients) = (Vec::new(), Vec::new());
        for number in 0..plan.sockets() {
            let (room, member) = (number / plan.sockets_a_room, number % plan.sockets_a_room);
            let role = if member < plan.sockets_a_room * 6 / 10 { Role::Visitor } else { Role::Agent };
            let (order, received) = unbounded_channel();
            let rng = stream(plan.seed, number as u64);
            let client = Client::new(
                (number, room, role),
                (rng, plan.pace),
                tally.clone(),
                server.address(),
                received,
            );
            orders.push(order);
            clients.push(tokio::spawn(client.run()));
        }
        let record = Record::default();
        let stalls = Vec::new();
        Ok(Self {
            plan,
            disk,
            server,
            tally,
            orders,
            clients,
            record,
            stalls,
            full_disks: 0,
            refused_starts: 0,
            deploys: 0,
        })
    }

    async fn break_something(&mut self, episode: Episode, rng: &mut Rng) -> Result<(), Error> {
        match episode {
            Episode::Kill => {
                self.server.kill().await.map_err(Error::Server)?;
                sleep(around(rng, Duration::from_millis(200))).await;
                self.server.start().await.map_err(Error::Server)?;
                self.wait_for_acks("an ack after a kill").await;
            }
            Episode::FullDisk => self.fill_disk(false, rng).await?,
            Episode::KillOnFullDisk => self.fill_disk(true, rng).await?,
            Episode::Stall => self.stall(rng).await?,
            Episode::Deploy => {
                if let Some(wrong) = self.server.deploy().await.map_err(Error::Server)? {
                    self.record.broken(wrong);
                }
                self.deploys += 1;
                self.wait_for_acks("an ack after a deploy").await;
            }
        }
        Ok(())
    }

    async fn fill_disk(&mut self, kill: bool, rng: &mut Rng) -> Result<(), Error> {
        let before = self.tally.unavailable.get();
        self.disk.fill(self.server.pid()).map_err(Error::Disk)?;
        self.full_disks += 1;
        self.wait("an error on a full disk", |driver| driver.tally.unavailable.get() > before).await;
        sleep(around(rng, self.plan.pause)).await;
        if kill {
            self.server.kill().await.map_err(Error::Server)?;
            // It may find the file as it is, or say that it cannot; either is right.
            self.refused_starts += usize::from(self.server.start().await.is_err());
        }
        self.disk.free(self.server.pid()).map_err(Error::Disk)?;
        if self.server.pid().is_none() {
            self.server.start().await.map_err(Error::Server)?;
        }
        self.wait_for_acks("an ack once there is room").await;
        Ok(())
    }

    async fn stall(&mut self, rng: &mut Rng) -> Result<(), Error> {
        let a_room = self.plan.sockets_a_room - TALKERS - ROAMERS;
        let mut rooms: Vec<_> = (0..self.plan.rooms).collect();
        rng.shuffle(&mut rooms);
        rooms.truncate(self.plan.stalled.div_ceil(a_room));
        let first = |room: usize| room * self.plan.sockets_a_room;
        let talkers: Vec<_> =
            rooms.iter().flat_map(|room| (first(*room + 1) - TALKERS)..first(*room + 1)).collect();
        let stalled: Vec<_> = rooms.iter().flat_map(|room| first(*room)..(first(*room) + a_room)).collect();
        let stalled = &stalled[..self.plan.stalled];

        // There must be something to page before anybody can choke on it.
        self.order(&talkers, &BURST);
        self.wait("everybody live", |driver| driver.tally.live.get() * 10 >= driver.plan.sockets() * 9).await;
        self.wait("few without an ack", |driver| driver.tally.outstanding.get() * 4 <= driver.plan.sockets())
            .await;
        let before = self.server.rss().map_err(Error::Server)?;
        let until = Instant::now() + STALL;
        self.order(stalled, &Order::Stall(until));
        self.order(&talkers, &BURST);
        let mut during = before;
        while Instant::now() < until {
            during = during.max(self.server.rss().map_err(Error::Server)?);
            sleep(LOOK * 5).await;
        }
        self.wait("everybody live again", |driver| driver.tally.live.get() * 10 >= driver.plan.sockets() * 9)
            .await;
        let after = self.server.rss().map_err(Error::Server)?;
        let bound = before + FOR_A_SOCKET * self.plan.stalled as u64 + SLACK;
        if during > bound {
            self.record.broken(format!("{during} bytes resident while sockets stalled, over {bound}"));
        }
        self.stalls.push(Memory { before, during, after, bound });
        Ok(())
    }

    fn order(&self, clients: &[usize], order: &Order) {
        for client in clients {
            // One that has ended, has; the judge sees what it wrote.
            let _ = self.orders[*client].send(order.clone());
        }
    }

    async fn wait_for_acks(&mut self, what: &str) {
        let before = self.tally.acked.get();
        self.wait(what, |driver| driver.tally.acked.get() > before).await;
    }

    /// Waits until it is so. That it never becomes so is a finding.
    async fn wait(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(self) {
            if let Some(death) = self.server.death() {
                return self.record.broken(death);
            }
            if Instant::now() > deadline {
                return self.record.broken(format!("waited in vain for {what}"));
            }
            sleep(LOOK).await;
        }
    }

    /// Everything settles; then what is stored is read, from the server as it runs and from the file as a kill leaves it.
    async fn finish(mut self, started: Instant) -> Result<Report, Error> {
        let everybody: Vec<_> = (0..self.orders.len()).collect();
        self.order(&everybody, &Order::Quiet);
        // One that is on its way back may still have something new to say.
        self.wait("quiet", |driver| driver.tally.quiet.get() == driver.orders.len()).await;
        self.wait("all acks", |driver| driver.tally.outstanding.get() == 0).await;
        let live = self.audit().await?;
        let last = live.iter().map(|room| room.last().map_or(0, |seen| seen.seq)).collect();
        self.order(&everybody, &Order::Finish(Arc::new(last)));
        let mut records = Vec::new();
        for client in std::mem::take(&mut self.clients) {
            records.push(client.await?);
        }
        self.server.kill().await.map_err(Error::Server)?;
        self.server.start().await.map_err(Error::Server)?;
        let stored = self.audit().await?;
        self.server.kill().await.map_err(Error::Server)?;
        for (room, (live, stored)) in live.iter().zip(&stored).enumerate() {
            if live != stored {
                let (live, stored) = (live.len(), stored.len());
                self.record.broken(format!(
                    "room {room}: {live} messages before the last kill, {stored} after it, not the same"
                ));
            }
        }
        for panic in self.server.panics() {
            self.record.broken(panic);
        }
        let figures = self.figures(started, &stored, &records);
        // The driver's own findings are nobody's views.
        records.push(self.record);
        Ok(Report { figures, stalls: self.stalls, verdict: judge(&records, &stored) })
    }

    async fn audit(&mut self) -> Result<Vec<Vec<Seen>>, Error> {
        let address = *self.server.address().borrow();
        let address = address.ok_or_else(|| Error::Audit("no server runs".into()))?;
        audit::read(address, self.plan.rooms, &mut self.record).await
    }

    fn figures(
        &self,
        started: Instant,
        stored: &[Vec<Seen>],
        records: &[Record],
    ) -> Vec<(&'static str, usize)> {
        let tally = &self.tally;
        let sockets = self.plan.sockets();
        vec![
            ("seconds", usize::try_from(started.elapsed().as_secs()).unwrap_or(usize::MAX)),
            ("sockets", sockets),
            ("rooms", self.plan.rooms),
            ("reconnects", tally.connects.get().saturating_sub(sockets)),
            ("kills", self.server.kills),
            ("full disks", self.full_disks),
            ("deploys", self.deploys),
            ("connections not accepted", tally.not_accepted.get()),
            ("handshakes that failed", tally.no_handshake.get()),
            ("starts refused on a full disk", self.refused_starts),
            ("stalled sockets ended by the server", tally.slow_ended.get()),
            ("stalled sockets still open", tally.slow_open.get()),
            ("conversations left for another", tally.hops.get()),
            ("messages sent", records.iter().map(|record| record.sent.len()).sum()),
            ("messages sent again", tally.resent.get()),
            ("answers unavailable", tally.unavailable.get()),
            ("messages acked", tally.acked.get()),
            ("messages stored", stored.iter().map(Vec::len).sum()),
            ("messages delivered", tally.deliveries.get()),
            ("pages read", tally.pages.get()),
        ]
    }
}

/// Cuts connections and sends agents from room to room, until it is aborted.
async fn meddle(plan: Plan, orders: Vec<UnboundedSender<Order>>) {
    let mut rng = stream(plan.seed, u64::MAX - 1);
    loop {
        sleep(around(&mut rng, Duration::from_millis(200))).await;
        for _ in 0..=rng.usize(..plan.sockets() / 50) {
            let reset = percent(&mut rng, 50);
            // One that has ended, has.
            let _ = orders[rng.usize(..orders.len())].send(Order::Cut { reset });
        }
        let roamer = (rng.usize(..plan.rooms) + 1) * plan.sockets_a_room - TALKERS - ROAMERS;
        let _ = orders[roamer].send(Order::Hop(rng.usize(..plan.rooms)));
    }
}
