using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Core.Tests.Announcements;

public class SessionNameTests
{
    [Theory]
    [InlineData("tor", "192.0.2.7")]
    [InlineData("tor.left-2", "2001:db8::7")]
    public void A_neighbour_s_session_is_known_by_its_peer_and_its_address(string peer, string address)
    {
        var session = SessionName.Of(peer, Address.Parse(address));
        Assert.Equal((peer, address, true), (SessionName.PeerOf(session), SessionName.NeighbourOf(session), SessionName.IsNeighbour(session)));
    }

    [Fact]
    public void A_router_s_session_has_the_name_of_its_peer() =>
        Assert.Equal(("tor", null, false), (SessionName.PeerOf("tor"), SessionName.NeighbourOf("tor"), SessionName.IsNeighbour("tor")));
}
