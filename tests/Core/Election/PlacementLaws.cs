using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Tests.Election;

public sealed class PlacementLaws
{
    [Fact]
    public void When_a_node_dies_only_its_services_move() => Prop.ForAll<byte, byte, byte>((nodes, services, dying) =>
    {
        var cluster = new Cluster(2 + (nodes % 6), services);
        var before = cluster.Placement();
        var dead = new NodeName($"node{dying % cluster.Nodes}");
        cluster.SetAlive(dead, false);
        var after = cluster.ElectAll();
        return before.All(placed => placed.Value == dead ? after[placed.Key] != dead && after[placed.Key] is not null : after[placed.Key] == placed.Value);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void When_a_node_comes_nothing_moves() => Prop.ForAll<byte, byte>((nodes, services) =>
    {
        var cluster = new Cluster(2 + (nodes % 6), services);
        cluster.SetAlive(new("node0"), false);
        var before = cluster.ElectAll();
        cluster.SetAlive(new("node0"), true);
        return cluster.ElectAll().SequenceEqual(before);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(2, 100)]
    [InlineData(3, 30)]
    [InlineData(3, 500)]
    [InlineData(10, 1000)]
    public void Services_are_spread_evenly(int nodes, int services)
    {
        var loads = new Cluster(nodes, services).Placement().Values.GroupBy(node => node).Select(node => node.Count()).ToList();
        Assert.Equal(nodes, loads.Count);
        Assert.InRange(loads.Max() - loads.Min(), 0, Math.Max(2, services / nodes / 10));
    }

    [Fact]
    public void The_services_of_a_dead_node_are_spread_evenly_too()
    {
        var cluster = new Cluster(5, 500);
        cluster.SetAlive(new("node2"), false);
        var loads = cluster.ElectAll().Values.GroupBy(node => node).Select(node => node.Count()).ToList();
        Assert.InRange(loads.Max() - loads.Min(), 0, 20);
    }

    [Fact]
    public void Services_that_share_an_address_are_on_one_node_and_leave_it_together()
    {
        var (book, view) = (new PlacementBook(), Given.View(Given.Node("a"), Given.Node("b"), Given.Node("c")));
        var shared = Given.Candidacy("192.0.2.7");
        var first = book.Elect(new("web", "one"), shared, view).Announcer!.Node;
        for (var i = 0; i < 20; i++) book.Elect(new("web", $"other{i}"), Given.Candidacy($"192.0.2.{20 + i}"), view);
        Assert.Equal(first, book.Elect(new("web", "two"), shared, view).Announcer!.Node);
        Assert.Null(book.Improve(new("web", "two"), shared with { Current = first }, view, 0));

        var without = view with { Nodes = view.Nodes.Select(node => node.Name == first ? node with { Alive = false } : node).ToEquatableList() };
        var next = book.Elect(new("web", "one"), shared with { Current = first }, without).Announcer!.Node;
        Assert.NotEqual(first, next);
        Assert.Equal(next, book.Elect(new("web", "two"), shared with { Current = first }, without).Announcer!.Node);
    }

    [Fact]
    public void A_remembered_announcer_counts_as_the_present_one()
    {
        var (book, view) = (new PlacementBook(), Given.View(Given.Node("a"), Given.Node("b"), Given.Node("c")));
        foreach (var node in new[] { "a", "b", "c" })
        {
            book.Remember(new("web", node), new(node));
            Assert.Equal(node, book.Elect(new("web", node), Given.Candidacy("192.0.2.7") with { Addresses = Given.Addresses($"192.0.2.{node[0] - 'a'}") }, view)
                .Announcer!.Node.Value);
        }
    }

    [Fact]
    public void The_hash_is_the_same_everywhere()
    {
        Assert.Equal(RendezvousHash.Score(Address.Parse("192.0.2.10"), new("node1")), RendezvousHash.Score(Address.Parse("192.0.2.10"), new("node1")));
        Assert.NotEqual(RendezvousHash.Score(Address.Parse("192.0.2.10"), new("node1")), RendezvousHash.Score(Address.Parse("192.0.2.11"), new("node1")));
        Assert.NotEqual(RendezvousHash.Score(Address.Parse("0.0.0.1"), new("node1")), RendezvousHash.Score(Address.Parse("::1"), new("node1")));
        Assert.Equal(GoldenScore, RendezvousHash.Score(Address.Parse("192.0.2.10"), new("node1")));
    }

    private const ulong GoldenScore = 14490360864246265832;

    private sealed class Cluster
    {
        private readonly PlacementBook _book = new();
        private readonly Dictionary<NodeName, NodeView> _nodes;
        private readonly SortedDictionary<ServiceName, Candidacy> _services = [];

        public Cluster(int nodes, int services)
        {
            _nodes = Enumerable.Range(0, nodes).Select(i => Given.Node($"node{i}", "10.0.0.0/8")).ToDictionary(node => node.Name);
            for (var i = 0; i < services; i++) _services[new("web", $"s{i:d4}")] = Given.Candidacy($"10.0.{i / 250}.{i % 250}");
            ElectAll();
        }

        public int Nodes => _nodes.Count;

        public void SetAlive(NodeName node, bool alive) => _nodes[node] = _nodes[node] with { Alive = alive };

        public SortedDictionary<ServiceName, NodeName?> ElectAll()
        {
            var view = Given.View([.. _nodes.Values]);
            foreach (var service in _services.Keys.ToList())
            {
                _services[service] = _services[service] with { Current = _book.Elect(service, _services[service], view).Announcer?.Node };
            }
            return Placement();
        }

        public SortedDictionary<ServiceName, NodeName?> Placement() => new(_services.ToDictionary(service => service.Key, service => service.Value.Current));
    }
}
