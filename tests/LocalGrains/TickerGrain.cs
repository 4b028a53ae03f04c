using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

/// <summary>When a timer ticks, in seconds.</summary>
[GenerateSerializer, Alias("test.ticks")]
internal sealed record Ticks([property: Id(0)] int Due, [property: Id(1)] int Period, [property: Id(2)] bool Interleave = false,
    [property: Id(3)] bool KeepAlive = false);

internal interface ITicker : IGrainWithStringKey
{
    Task Start(Ticks ticks);
    Task Change(int due, int period);
    Task End();
    Task Hold(string gate);

    /// <summary>Answers after every tick before it, with their number.</summary>
    Task<int> Settle();
}

internal sealed class TickerGrain(Script script) : Grain, ITicker
{
    private IGrainTimer? _timer;
    private int _ticks;

    private string Me => this.GetPrimaryKeyString();

    public Task Start(Ticks ticks)
    {
        _timer = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.FromSeconds(ticks.Due), TimeSpan.FromSeconds(ticks.Period))
        {
            Interleave = ticks.Interleave,
            KeepAlive = ticks.KeepAlive,
        });
        return Task.CompletedTask;
    }

    public Task Change(int due, int period)
    {
        _timer!.Change(TimeSpan.FromSeconds(due), TimeSpan.FromSeconds(period));
        return Task.CompletedTask;
    }

    public Task End()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task Hold(string gate)
    {
        script.Tell($"{gate} in");
        await script.Gate(gate);
    }

    public Task<int> Settle() => Task.FromResult(_ticks);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        script.Tell($"{Me} deactivated");
        return Task.CompletedTask;
    }

    private Task Tick(CancellationToken cancellation)
    {
        script.Tell($"{Me} tick {++_ticks}");
        if (Me is "changing") _timer!.Change(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        return Me switch
        {
            "failing" => Task.FromException(new FormatException()),
            "held" => script.Gate("tick"),
            _ => Task.CompletedTask,
        };
    }
}

internal static class Tickers
{
    public static ITicker Ticker(this Silo silo, string key) => silo.Grains.GetGrain<ITicker>(key);
}
