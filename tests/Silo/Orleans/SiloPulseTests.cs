using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>Whether a silo's process runs, asked and told by UDP.</summary>
public sealed class SiloPulseTests : IDisposable
{
    private const int Generation = 7;

    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    private readonly Membership _local;
    private readonly SiloPulse _pulse;
    private readonly PulseCheck _check = new();

    public SiloPulseTests()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _local = new() { SiloAddress = SiloAddress.New((IPEndPoint)free.LocalEndPoint!, Generation) };
        _pulse = new(new(() => _local), NullLogger<SiloPulse>.Instance);
    }

    public void Dispose() => _pulse.Dispose();

    [Fact]
    public async Task A_process_that_runs_answers_until_it_stops()
    {
        Assert.False(await _check.Answers(_local.SiloAddress));
        await _pulse.StartAsync(Stop);
        Assert.True(await _check.Answers(_local.SiloAddress));
        await _pulse.StopAsync(Stop); // ends its thread, or waits for ever
        Assert.False(await _check.Answers(_local.SiloAddress));
    }

    [Fact]
    public async Task It_does_not_vouch_for_whoever_had_its_port_before()
    {
        await _pulse.StartAsync(Stop);
        Assert.False(await _check.Answers(SiloAddress.New(_local.SiloAddress.Endpoint, Generation - 1)));
    }

    [Fact]
    public async Task What_is_no_question_has_no_answer_and_does_no_harm()
    {
        await _pulse.StartAsync(Stop);
        using var stranger = new UdpClient(AddressFamily.InterNetwork);
        stranger.Connect(_local.SiloAddress.Endpoint);
        var question = PulseFrame.Question(Generation);
        byte[][] nonsense = [[], [1], question[..^1], [.. question, 0], new byte[PulseFrame.Length], new byte[2000]];
        foreach (var datagram in nonsense) await stranger.SendAsync(datagram, Stop);
        await stranger.SendAsync(question, Stop);
        Assert.True(PulseFrame.IsAnswer((await stranger.ReceiveAsync(Stop)).Buffer, question)); // the first to be heard: the others had none
    }

    [Fact]
    public async Task A_port_that_is_taken_keeps_no_silo_from_starting()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(_local.SiloAddress.Endpoint);
        await _pulse.StartAsync(Stop);
        Assert.False(await _check.Answers(_local.SiloAddress));
    }

    [Fact]
    public void Only_the_answer_to_the_very_question_counts()
    {
        var (question, other) = (PulseFrame.Question(Generation), PulseFrame.Question(Generation));
        var answer = question.ToArray();
        Assert.False(PulseFrame.IsAnswer(answer, question)); // an echo is none
        Assert.True(PulseFrame.TryAnswer(answer, Generation));
        Assert.True(PulseFrame.IsAnswer(answer, question));
        Assert.False(PulseFrame.IsAnswer(answer, other));
        Assert.False(PulseFrame.IsAnswer(answer.AsSpan(1), question));
        Assert.False(PulseFrame.TryAnswer(answer, Generation)); // an answer is no question
    }
}
