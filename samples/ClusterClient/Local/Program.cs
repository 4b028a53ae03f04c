// The local build has no Microsoft Orleans, and its grains are in one process that nobody else can call.
Console.Error.WriteLine(
    "This example calls the grains of a cluster, and needs the product build with Microsoft Orleans (README, \"Two builds\"): LB_BUILD=product ./lb build");
return 2;
