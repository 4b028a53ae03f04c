using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Tests.Nodes;

/// <summary>What becomes of a node that the record has no more.</summary>
public sealed class NodeRegisterTests
{
    private static readonly NodeName Node = new("a");
    private static readonly NodeFacts Ready = new(Node, Labels.None, Ready: true, NetworkUnavailable: false, Excluded: false, Draining: false, []);
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);
    private readonly NodeRegister _register =
        new(new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)), (_, _) => false);

    public static TheoryData<bool> Ways => [true, false];

    private NodeView Seen => Assert.Single(_register.ViewAt(Now).Nodes);

    private void Hear(bool alive) => _register.Put(Node, view => view with { Alive = alive }, Now);

    /// <summary>The deletion is heard of, or seen in the next list.</summary>
    private EquatableList<NodeName> Delete(bool isHeard) => isHeard ? _register.Remove(Node, Now) : _register.Read([], Now);

    [Theory, MemberData(nameof(Ways))]
    public void A_deleted_node_whose_speaker_lives_is_to_be_left(bool isHeard)
    {
        _register.Put(Ready, Now);
        Hear(alive: true);
        Assert.Equal([Node], Delete(isHeard));
        Assert.Equal(Ready with { Draining = true }, Seen.Facts);
        Assert.Empty(Delete(isHeard)); // nothing new
        _register.Put(Ready, Now);
        Assert.Equal(Ready, Seen.Facts);
        Assert.Equal(0, Seen.Returns);
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_deleted_node_that_is_not_heard_is_forgotten(bool isHeard)
    {
        _register.Put(Ready, Now);
        Assert.Equal([Node], Delete(isHeard));
        Assert.Empty(_register.ViewAt(Now).Nodes);
    }

    [Fact]
    public void A_node_that_the_record_never_had_counts_on_the_word_of_its_speaker()
    {
        Hear(alive: true);
        Assert.Empty(_register.Read([], Now));
        Assert.Null(Seen.Facts);
    }
}
