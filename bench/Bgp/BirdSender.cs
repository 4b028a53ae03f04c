namespace OrleansLb.Bench.Bgp;

/// <summary>BIRD, with its routes in static protocols that are switched on and off.</summary>
internal sealed class BirdSender(string networkNamespace, string folder, int routes) : IBgpSender
{
    private readonly string _configuration = $$"""
        router id 192.0.2.1;
        protocol device { }
        protocol bgp receiver { local 192.0.2.1 as 64500; neighbor 192.0.2.2 as 64501; connect delay time 1; ipv4 { import none; export all; }; }
        protocol static one { disabled; ipv4; route {{SenderRoutes.One}} blackhole; }
        protocol static many { disabled; ipv4; {{string.Concat(SenderRoutes.Many(routes).Select(route => $"route {route} blackhole;\n"))}} }
        """;

    private BirdControl? _bird;

    public string Name => "BIRD";

    public IReadOnlyList<int> Processes => _bird is { } bird ? [bird.Process] : [];

    public Task Start() => (_bird = new(networkNamespace, folder, "sender", _configuration)).Connect();

    public Task AnnounceMany() => _bird!.Ask("enable many");

    public Task WithdrawMany() => _bird!.Ask("disable many");

    public Task AnnounceOne() => _bird!.Ask("enable one");

    public Task WithdrawOne() => _bird!.Ask("disable one");

    public ValueTask DisposeAsync() => _bird?.DisposeAsync() ?? ValueTask.CompletedTask;
}
