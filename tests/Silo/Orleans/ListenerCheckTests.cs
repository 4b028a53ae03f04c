using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>A silo at whose port nobody listens is dead, whatever it was doing.</summary>
public sealed class ListenerCheckTests : IDisposable
{
    private readonly TcpListener _port = new(IPAddress.Loopback, 0);
    private readonly EstablishedDeaths _deaths = new();
    private readonly Membership _membership = new();
    private readonly SiloAddress _silo;

    public ListenerCheckTests()
    {
        _port.Start();
        _silo = SiloAddress.New((IPEndPoint)_port.LocalEndpoint, 1);
    }

    public void Dispose() => _port.Dispose();

    [Theory]
    [InlineData(SiloStatus.Joining, true)]
    [InlineData(SiloStatus.Active, true)]
    [InlineData(SiloStatus.ShuttingDown, false)] // it says so itself in a moment
    [InlineData(SiloStatus.Stopping, false)]
    public async Task One_whose_port_refuses_is_dead(SiloStatus status, bool isDead)
    {
        _membership.CurrentSnapshot = Membership.Of((_silo, status, "node2"));
        _port.Stop();
        await Patiently().CheckThose(IPAddress.Loopback);
        Assert.Equal(isDead ? SiloStatus.Dead : status, _membership.CurrentSnapshot.GetSiloStatus(_silo));
        Assert.Equal(isDead, _deaths.Contains(_silo));
    }

    [Fact]
    public async Task One_that_listens_is_left_alone()
    {
        _membership.CurrentSnapshot = Membership.Of((_silo, SiloStatus.Active, "node2"));
        await Check(TimeSpan.FromMilliseconds(200)).Check(_silo);
        Assert.Equal(SiloStatus.Active, _membership.CurrentSnapshot.GetSiloStatus(_silo));
        Assert.False(_deaths.Contains(_silo));
    }

    [Fact]
    public async Task One_that_still_lets_in_while_it_ends_is_dead_once_its_port_closes()
    {
        _membership.CurrentSnapshot = Membership.Of((_silo, SiloStatus.Active, "node2"));
        var checking = Patiently().Check(_silo);
        using var letIn = await _port.AcceptSocketAsync(TestContext.Current.CancellationToken);
        Assert.False(_deaths.Contains(_silo));
        _port.Stop();
        letIn.Close(0); // thrown out
        await checking;
        Assert.True(_deaths.Contains(_silo));
    }

    /// <summary>As where this machine has no way there just now: nothing was asked, so nothing was said, and it is asked again.</summary>
    [Fact]
    public async Task One_that_the_question_does_not_reach_is_asked_again_and_is_not_dead_for_that()
    {
        var unreachable = SiloAddress.New(new(IPAddress.Broadcast, 1), 1); // nobody can connect there
        _membership.CurrentSnapshot = Membership.Of((unreachable, SiloStatus.Active, "node2"));
        var clock = new CountedTimers();
        var checking = Check(TimeSpan.FromMilliseconds(200), clock).Check(unreachable);
        await Task.WhenAny(clock.ThirdMade, checking); // patience, and a pause before each question that follows
        Assert.True(clock.ThirdMade.IsCompleted);
        await checking;
        Assert.Equal(SiloStatus.Active, _membership.CurrentSnapshot.GetSiloStatus(unreachable));
        Assert.False(_deaths.Contains(unreachable));
    }

    [Fact]
    public async Task Silos_of_other_machines_are_not_asked_for()
    {
        _membership.CurrentSnapshot = Membership.Of((_silo, SiloStatus.Active, "node2"));
        _port.Stop();
        await Patiently().CheckThose(IPAddress.Parse("192.0.2.1"));
        Assert.Equal(SiloStatus.Active, _membership.CurrentSnapshot.GetSiloStatus(_silo));
    }

    /// <summary>However busy the machine is, a refusal is waited for.</summary>
    private ListenerCheck Patiently() => Check(TimeSpan.FromMinutes(1));

    private ListenerCheck Check(TimeSpan patience, TimeProvider? time = null) =>
        new(new(() => _membership), new(() => _membership), _deaths, time ?? TimeProvider.System, NullLogger<ListenerCheck>.Instance) { Patience = patience };

    private sealed class CountedTimers : TimeProvider
    {
        private readonly TaskCompletionSource _thirdMade = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _made;

        public Task ThirdMade => _thirdMade.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (Interlocked.Increment(ref _made) == 3) _thirdMade.SetResult();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
