use ottla_core::{ErrorCode, MemberId};
use ottla_tests::world::{Who, World};

#[test]
fn a_heartbeat_is_answered_by_the_state_of_the_group() {
    let mut world = World::default().with_topic("orders", 2);
    let (a, b) = (world.client("a"), world.client("b"));
    let nobody = Who::newcomer("project");
    assert_eq!(world.heartbeat(a, &nobody), ErrorCode::UnknownMemberId);

    let mut leader = world.member_id(a, "project", &["orders"]);
    assert_eq!(world.state("project"), "Empty");
    assert_eq!(world.heartbeat(a, &leader), ErrorCode::UnknownMemberId);

    let join = world.send_join(a, &leader, &["orders"]);
    leader.generation_id = world.joined(join).expect("alone").generation_id;
    assert_eq!(world.state("project"), "CompletingRebalance");
    assert_eq!(world.heartbeat(a, &leader), ErrorCode::None);

    world.send_sync(a, &leader, vec![(leader.member_id.clone(), Vec::new())]);
    assert_eq!(world.state("project"), "Stable");
    assert_eq!(world.heartbeat(a, &leader), ErrorCode::None);
    let mut early = leader.clone();
    early.generation_id += 1;
    assert_eq!(world.heartbeat(a, &early), ErrorCode::IllegalGeneration);
    let mut stranger = leader.clone();
    stranger.member_id = MemberId::from("stranger");
    assert_eq!(world.heartbeat(a, &stranger), ErrorCode::UnknownMemberId);

    let newcomer = world.member_id(b, "project", &["orders"]);
    world.send_join(b, &newcomer, &["orders"]);
    assert_eq!(world.state("project"), "PreparingRebalance");
    assert_eq!(world.heartbeat(a, &leader), ErrorCode::RebalanceInProgress);

    let mut nameless = leader;
    nameless.group = "".into();
    assert_eq!(world.heartbeat(a, &nameless), ErrorCode::InvalidGroupId);
}
